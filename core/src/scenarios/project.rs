//! From front matter and fences to a project: what a scenario's files and settings are.
//!
//! A file without text is a name only; `elf:` gives one the first bytes of a program, which say
//! its CPU as the real file's would.

use crate::analysis::{ContextFile, JobRequest, Project, Settings};
use crate::demo;

/// A project to which nothing was said yet.
pub(super) fn blank() -> Project {
    Project {
        settings: Settings {
            tags: vec!["docker.io/acme/app:1.0".to_owned()],
            ..Settings::default()
        },
        ..Project::default()
    }
}

/// Applies `KEY: VALUE`. `Ok(false)` if the key is none of a project's.
pub(super) fn set(project: &mut Project, key: &str, value: &str) -> Result<bool, &'static str> {
    let words = || value.split_whitespace().map(str::to_owned).collect();
    let pair = || {
        let (name, value) = value.split_once('=').ok_or("it is NAME=VALUE")?;
        Ok::<_, &'static str>((name.to_owned(), value.to_owned()))
    };
    let settings = &mut project.settings;
    match key {
        "platforms" => settings.platforms = words(),
        "runner" => value.clone_into(&mut settings.build_platform),
        "driver" => value.clone_into(&mut settings.driver),
        "emulators" => settings.emulators = words(),
        "buildkit" => settings.buildkit = Some(value.to_owned()),
        "tag" => settings.tags = words(),
        "arg" => settings.build_args.push(pair()?),
        "push" => {
            settings.push = match value {
                "yes" => true,
                "no" => false,
                _ => return Err("it is yes or no"),
            }
        }
        "file" => project.files.push(ContextFile {
            path: value.to_owned(),
            bytes: None,
        }),
        "elf" => {
            let (path, platform) = value.split_once(' ').ok_or("it is PATH PLATFORM")?;
            let platform = platform.parse().map_err(|_| "no such platform")?;
            put(project, path, demo::program(&platform));
        }
        "bases" => project.bases = Some(value.to_owned()),
        "job" => job(project).job = Some(value.to_owned()),
        "set" => {
            let (name, value) = pair()?;
            let switches = &mut job(project).settings;
            switches.retain(|(known, _)| *known != name);
            switches.push((name, value));
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Takes a file with its text: the Dockerfile, the CI file, or one of the context.
pub(super) fn add(project: &mut Project, path: &str, text: String) {
    if path == "Dockerfile" {
        project.dockerfile = text;
    } else if is_ci(path) {
        let job = job(project);
        path.clone_into(&mut job.file);
        job.text = text;
    } else {
        put(project, path, text.into_bytes());
    }
}

fn is_ci(path: &str) -> bool {
    path == ".gitlab-ci.yml" || path.starts_with(".github/workflows/")
}

fn job(project: &mut Project) -> &mut JobRequest {
    project.job.get_or_insert_with(JobRequest::default)
}

fn put(project: &mut Project, path: &str, bytes: Vec<u8>) {
    project.files.retain(|file| file.path != path);
    project.files.push(ContextFile {
        path: path.to_owned(),
        bytes: Some(bytes),
    });
}
