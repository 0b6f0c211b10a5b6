//! The gate for a project, to paste behind its push: a job, a step, or the bare command.

use polyarch_core::analysis::Project;
use polyarch_core::ci::github;

use super::answer::{Answer, JobView};
use super::command::quoted;

/// Stands where nothing says what is pushed.
const NO_TAG: &str = "REGISTRY/IMAGE:TAG";

/// What proves the pushed tag, in the form of the project's CI service.
pub(crate) fn gate(project: &Project, answer: &Answer) -> String {
    let platforms = answer.analysis.platforms.iter();
    let platforms: Vec<String> = platforms
        .filter_map(|view| Some(view.platform.as_ref()?.to_string()))
        .collect();
    let tag = answer.shown.settings.tags.first();
    let known = tag.map_or_else(|| NO_TAG.to_owned(), |tag| quoted(tag));
    let with = |format: &str, tag: &str| {
        format!(
            "polyarch verify{format} {tag} --platform {}",
            platforms.join(",")
        )
    };
    let (Some(request), Some(job)) = (&project.job, &answer.job) else {
        return with("", &known) + "\n";
    };
    let tag = written(job).map_or(known, |tag| format!("\"{tag}\""));
    if github::is_workflow(&request.file, &request.text) {
        return format!("- run: {}\n", with(" --format github", &tag));
    }
    format!(
        "verify:\n  needs: [{}]\n  image: $POLYARCH_IMAGE  # an image that contains polyarch\n  \
         script:\n    - {}\n",
        job.name,
        with("", &tag)
    )
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
        gate(&one.project, &answer(&one.project))
    }

    #[test]
    fn the_gate_follows_the_job_and_names_its_tag_as_the_job_does() {
        let text = of("job-ecr");
        assert!(text.contains("needs: [dockerx-ecr]"), "{text}");
        let command = "polyarch verify \"$DOCKER_REGISTRY/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA\" \
                       --platform linux/arm64,linux/amd64";
        assert!(text.contains(command), "{text}");
    }

    #[test]
    fn without_a_job_the_gate_is_a_command() {
        assert_eq!(
            of("go-cross"),
            "polyarch verify docker.io/acme/app:1.0 --platform linux/amd64,linux/arm64,linux/arm/v7\n"
        );
    }
}
