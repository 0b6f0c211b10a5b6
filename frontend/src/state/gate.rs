//! The gate for a project, to paste behind its push: a job, a step, or the bare command.

use polyarch_core::analysis::Project;
use polyarch_core::ci::{gate, github};

use super::answer::{Answer, JobView};
use super::command::quoted;

/// Stands where nothing says what is pushed.
const NO_TAG: &str = "REGISTRY/IMAGE:TAG";

/// What proves the pushed tag, in the form of the project's CI service.
pub(crate) fn lines(project: &Project, answer: &Answer) -> String {
    let platforms = answer.analysis.platforms.iter();
    let platforms: Vec<String> = platforms
        .filter_map(|view| Some(view.platform.as_ref()?.to_string()))
        .collect();
    let platforms = platforms.join(",");
    let known = answer.shown.settings.tags.first();
    let known = known.map_or(NO_TAG, String::as_str);
    let (Some(request), Some(job)) = (&project.job, &answer.job) else {
        return format!("polyarch verify {} --platform {platforms}\n", quoted(known));
    };
    let tag = written(job).unwrap_or_else(|| known.to_owned());
    let inputs = [("reference", tag.as_str()), ("platforms", &platforms)];
    if github::is_workflow(&request.file, &request.text) {
        return gate::github(&inputs);
    }
    // By itself the component's job runs beside those of its stage.
    let after = format!("\nverify:\n  needs: [{}]\n", job.name);
    gate::gitlab(&inputs) + &after
}

/// The tag of the last build that pushes, with its variables as the file has them.
fn written(job: &JobView) -> Option<String> {
    let pushes = |command: &&str| command.contains(" build ") && command.contains("--push");
    let commands = job.steps.iter().map(|step| step.command.as_str());
    let command = commands.rev().find(pushes)?;
    let mut words = command.split_whitespace();
    words.find(|word| matches!(*word, "-t" | "--tag"))?;
    let tag = words.next()?.trim_matches(['"', '\'']);
    (!tag.is_empty()).then(|| tag.to_owned())
}

#[cfg(test)]
mod tests {
    use polyarch_core::scenarios;

    use super::super::answer::answer;
    use super::*;

    fn of(name: &str) -> String {
        let mut all = scenarios::all().into_iter();
        let one = all
            .find(|one| one.name == name)
            .expect("a scenario of that name");
        lines(&one.project, &answer(&one.project))
    }

    #[test]
    fn the_gate_follows_the_job_and_names_its_tag_as_the_job_does() {
        let text = of("job-ecr");
        assert!(text.contains("needs: [dockerx-ecr]"), "{text}");
        let tag = "reference: $DOCKER_REGISTRY/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA\n";
        assert!(text.contains(tag), "{text}");
        assert!(
            text.contains("platforms: linux/arm64,linux/amd64\n"),
            "{text}"
        );
    }

    #[test]
    fn without_a_job_the_gate_is_a_command() {
        assert_eq!(
            of("go-cross"),
            "polyarch verify docker.io/acme/app:1.0 --platform linux/amd64,linux/arm64,linux/arm/v7\n"
        );
    }
}
