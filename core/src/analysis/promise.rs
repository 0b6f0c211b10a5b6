//! What a project's Dockerfile promises of each platform's image, for `verify --dockerfile`.

use std::collections::BTreeMap;

use crate::build::{BaseKnowledge, BuiltImage, PlatformOutcome, predict};
use crate::diagnostic::LineIndex;
use crate::dockerfile::{self, Dockerfile, Instruction, Kind};
use crate::verify::Promise;

use super::{Project, input};

/// A promise for each platform that the Dockerfile can be built for.
///
/// # Errors
/// Where a platform cannot be built: the platform as typed, and BuildKit's text.
pub fn promises(project: &Project) -> Result<Vec<Promise>, (String, String)> {
    let (file, problems) = dockerfile::parse(&project.dockerfile);
    let request = input::request(project);
    let (catalogue, _) = input::catalogue(project);
    let outcome = predict(&project.dockerfile, &file, &problems, &request, &catalogue);
    let lines = LineIndex::new(&project.dockerfile);
    let promise = |platform: &PlatformOutcome| match &platform.result {
        Ok(image) => Ok(of_image(image, platform, &file, &lines)),
        Err(error) => Err((platform.requested.clone(), error.text.clone())),
    };
    outcome.platforms.iter().map(promise).collect()
}

fn of_image(
    image: &BuiltImage,
    outcome: &PlatformOutcome,
    file: &Dockerfile,
    lines: &LineIndex,
) -> Promise {
    let own_history = image.history.iter().skip(image.base_history);
    let history: Vec<String> = own_history.map(|entry| entry.created_by.clone()).collect();
    let mut from = BTreeMap::new();
    for effect in &outcome.effects {
        // Instructions of other stages leave nothing in this image's history.
        if let Some(instruction) = file.instructions.get(effect.instruction)
            && history.contains(&effect.history)
        {
            let line = lines.line(instruction.span.start);
            from.extend(fields(instruction).into_iter().map(|field| (field, line)));
        }
    }
    let base = outcome.bases.iter().rfind(|base| {
        let instruction = base.instruction.and_then(|at| file.instructions.get(at));
        instruction.is_some_and(|instruction| matches!(instruction.kind, Kind::From(_)))
    });
    let base_layers = image.base.as_ref().and_then(|entry| entry.diff_ids.clone());
    Promise {
        platform: image.export.normalised(),
        config: image.config.clone(),
        complete: image.exact && base.is_none_or(|base| base.known == BaseKnowledge::Full),
        history,
        base_diff_ids: base_layers.unwrap_or_default(),
        base: base.map(|base| base.name.clone()),
        lines: from,
    }
}

/// The config's fields that an instruction sets, named as differences name them.
fn fields(instruction: &Instruction) -> Vec<String> {
    let one = |name: &str| vec![name.to_owned()];
    match &instruction.kind {
        Kind::Env(pairs) => pairs
            .iter()
            .map(|pair| format!("Env {}", pair.key.text))
            .collect(),
        Kind::Label(pairs) => pairs
            .iter()
            .map(|pair| format!("Labels {}", pair.key.text))
            .collect(),
        Kind::Workdir(_) => one("WorkingDir"),
        Kind::User(_) => one("User"),
        Kind::Expose(_) => one("ExposedPorts"),
        Kind::Volume(_) => one("Volumes"),
        Kind::Cmd(_) => one("Cmd"),
        // It takes an inherited CMD away.
        Kind::Entrypoint(_) => vec!["Entrypoint".to_owned(), "Cmd".to_owned()],
        Kind::Shell(_) => one("Shell"),
        Kind::Healthcheck(_) => one("Healthcheck"),
        Kind::Stopsignal(_) => one("StopSignal"),
        Kind::Onbuild(_) => one("OnBuild"),
        Kind::From(_)
        | Kind::Run(_)
        | Kind::Copy(_)
        | Kind::Add(_)
        | Kind::Arg(_)
        | Kind::Maintainer(_)
        | Kind::Invalid => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(dockerfile: &str) -> Project {
        Project {
            dockerfile: dockerfile.to_owned(),
            ..Project::default()
        }
    }

    #[test]
    fn a_dockerfile_from_scratch_promises_everything() {
        let project =
            project("FROM scratch\nENV A=1\nLABEL v=2\nCOPY app /\nENTRYPOINT [\"/app\"]\n");
        let promises = promises(&project).unwrap();
        assert_eq!(promises.len(), 2);
        let promise = &promises[1];
        assert_eq!(promise.platform.to_string(), "linux/arm64");
        assert!(promise.complete);
        assert_eq!(promise.config.entrypoint, ["/app"]);
        assert_eq!(promise.lines.get("Env A"), Some(&2));
        assert_eq!(promise.lines.get("Entrypoint"), Some(&5));
        assert_eq!(promise.history.len(), 4);
    }

    #[test]
    fn an_unknown_base_promises_only_what_the_dockerfile_sets() {
        let promises = promises(&project("FROM alpine:3.24\nUSER app\n")).unwrap();
        assert!(!promises[0].complete);
        assert_eq!(promises[0].base.as_deref(), Some("alpine:3.24"));
        assert_eq!(promises[0].config.user, "app");
    }

    #[test]
    fn what_cannot_be_built_promises_nothing() {
        let error = promises(&project("FROM\n")).unwrap_err();
        assert_eq!(error.0, "linux/amd64");
        assert!(error.1.contains("FROM requires"), "{}", error.1);
    }
}
