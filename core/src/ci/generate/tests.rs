//! Everything that is written passes its own simulation without findings.

use super::*;
use crate::analysis::{JobRequest, Project, analyse_job};
use crate::ci::runner::Outcome;
use crate::diagnostic::Severity;

fn all() -> Vec<Options> {
    let mut all = Vec::new();
    let registries = [
        (Registry::DockerHub, "acme/app"),
        (Registry::Ecr, "team/app"),
        (Registry::Ghcr, "acme/app"),
        (Registry::GitLab, "acme/app"),
        (Registry::ArtifactRegistry, "project/images/app"),
        (
            Registry::Other("registry.example.com".to_owned()),
            "acme/app",
        ),
    ];
    for (registry, image) in registries {
        for strategy in [
            Strategy::Emulation,
            Strategy::CrossCompile,
            Strategy::Native,
        ] {
            for (cache, provenance) in [(false, false), (false, true), (true, false), (true, true)]
            {
                all.push(Options {
                    registry: registry.clone(),
                    image: image.to_owned(),
                    platforms: ["linux/amd64", "linux/arm64", "linux/arm/v7"]
                        .map(str::to_owned)
                        .to_vec(),
                    strategy,
                    cache,
                    provenance,
                });
            }
        }
    }
    all
}

fn check(file: &str, text: &str, options: &Options, jobs: &[&str]) {
    let project = Project {
        dockerfile: "FROM alpine:3.22\nRUN apk add --no-cache curl\n".to_owned(),
        ..Project::default()
    };
    for job in jobs {
        let request = JobRequest {
            file: file.to_owned(),
            text: text.to_owned(),
            job: Some((*job).to_owned()),
            ..JobRequest::default()
        };
        let analysis = analyse_job(&project, &request).unwrap();
        let grave: Vec<_> = analysis
            .diagnostics
            .iter()
            .filter(|d| d.severity > Severity::Info)
            .collect();
        assert!(grave.is_empty(), "{options:?}\n{text}\n{grave:#?}");
        let run = analysis.run.unwrap();
        assert_eq!(
            run.outcome,
            Outcome::Passes,
            "{options:?} {job}\n{text}\n{}",
            run.log
        );
        if job.starts_with("verify") {
            let last = run.steps.last().unwrap();
            assert!(last.exact, "{options:?}\n{text}\n{last:#?}");
            let passes = options.platforms.iter().all(|platform| {
                let mut lines = last.output.lines().map(str::split_whitespace);
                lines.any(|line| line.eq([platform.as_str(), "pass"]))
            });
            assert!(passes, "{options:?}\n{text}\n{}", last.output);
            assert!(last.output.contains("\nPASS "), "{}", last.output);
        }
        if matches!(*job, "merge" | "merge-image") || (jobs.len() == 2 && *job == jobs[0]) {
            let pushed = run.pushed.last().unwrap();
            assert_eq!(
                pushed.platforms.len(),
                options.platforms.len(),
                "{text}\n{}",
                run.log
            );
        }
    }
}

#[test]
fn what_is_written_for_gitlab_passes() {
    for options in all() {
        let jobs: &[&str] = if options.strategy == Strategy::Native {
            &["build-image", "merge-image", "verify-image"]
        } else {
            &["build-image", "verify-image"]
        };
        check(".gitlab-ci.yml", &gitlab(&options), &options, jobs);
    }
}

#[test]
fn what_is_written_for_github_passes() {
    for options in all() {
        let jobs: &[&str] = if options.strategy == Strategy::Native {
            &["build", "merge", "verify"]
        } else {
            &["build", "verify"]
        };
        check(
            ".github/workflows/image.yml",
            &github(&options),
            &options,
            jobs,
        );
    }
}
