//! The classic mistakes as edits: each is applied to what is on screen, and shows what it does.
//!
//! A mistake that has nothing to undo in a project does not apply to it. The edits are those that
//! people make; nothing here decides what they lead to.

use super::executable::amd64_program;
use crate::analysis::{ContextFile, JobRequest, Project};
use crate::dockerfile::Keyword;

/// A mistake that can be made in a project.
#[derive(Debug, Clone, Copy)]
pub struct Mistake {
    /// Stable, for keys and tests.
    pub name: &'static str,
    /// What is done, as a menu says it; English, then Simplified Chinese.
    pub title: &'static str,
    pub title_zh: &'static str,
    make: fn(&Project) -> Option<Project>,
}

/// In the order of the menu.
pub const MISTAKES: [Mistake; 8] = [
    mistake(
        "no-wait",
        "Do not wait for the Docker service",
        "不等 Docker 服务就绪",
        no_wait,
    ),
    mistake(
        "docker-driver",
        "Build with the docker driver",
        "用 docker 驱动构建",
        docker_driver,
    ),
    mistake(
        "host-binary",
        "Copy a program from the build machine",
        "拷贝构建机上的程序",
        host_binary,
    ),
    mistake(
        "pinned-digest",
        "Pin the base to one platform's sha256",
        "把基础镜像钉在某个平台的 sha256 上",
        pinned,
    ),
    mistake(
        "single-arch-base",
        "Take a base that only amd64 has",
        "换成只有 amd64 的基础镜像",
        single_arch,
    ),
    mistake(
        "no-emulator",
        "Leave out the emulator",
        "不装模拟器",
        no_emulator,
    ),
    mistake(
        "no-repository",
        "Do not create the repository",
        "不先建仓库",
        no_repository,
    ),
    mistake("no-goarch", "Forget GOARCH", "忘了 GOARCH", no_goarch),
];

const fn mistake(
    name: &'static str,
    title: &'static str,
    title_zh: &'static str,
    make: fn(&Project) -> Option<Project>,
) -> Mistake {
    Mistake {
        name,
        title,
        title_zh,
        make,
    }
}

impl Mistake {
    /// The project with this mistake; `None` where it cannot be made or already is.
    pub fn make(&self, project: &Project) -> Option<Project> {
        (self.make)(project).filter(|changed| changed != project)
    }
}

const REPOSITORY: &str = "registry.repository-exists";
/// The image of amd64 within an index, as someone copies it from a registry's page.
const CHILD: &str = "sha256:6962bc64de2b612c2a760299956853762cfcee538b1b6b55706661426546936c";

fn no_wait(project: &Project) -> Option<Project> {
    without_lines(project, |line| {
        line.contains("until docker") || line.contains("while ! docker")
    })
}

fn docker_driver(project: &Project) -> Option<Project> {
    if has_job(project) {
        return without_lines(project, |line| {
            let line = line.trim_start_matches([' ', '-']);
            [
                "docker buildx create",
                "docker buildx use",
                "docker context create",
            ]
            .iter()
            .any(|start| line.starts_with(start))
                || line.starts_with("uses: docker/setup-buildx-action")
        });
    }
    let mut changed = project.clone();
    "docker".clone_into(&mut changed.settings.driver);
    changed.settings.containerd_store = false;
    Some(changed)
}

/// What a stage compiled is taken from the context instead.
fn host_binary(project: &Project) -> Option<Project> {
    let line = project
        .dockerfile
        .lines()
        .rfind(|line| keyword(line) == Some(Keyword::Copy) && line.contains("--from="))?;
    let target = line.split_whitespace().next_back()?;
    let path = format!("bin/{}", target.trim_end_matches('/').rsplit('/').next()?);
    let mut changed = project.clone();
    changed.dockerfile =
        replaced_last(&project.dockerfile, line, &format!("COPY {path} {target}"))?;
    changed.files.retain(|file| file.path != path);
    changed.files.push(ContextFile {
        path,
        bytes: Some(amd64_program()),
    });
    Some(changed)
}

fn pinned(project: &Project) -> Option<Project> {
    let image = last_base(project)?;
    if image.contains('@') || project.bases.is_some() {
        return None;
    }
    let name = image.split(':').next().unwrap_or(image);
    let mut changed = with_last_base(project, &format!("{name}@{CHILD}"))?;
    let (host, path) = match name.split_once('/') {
        None => ("docker.io/library/", name),
        Some((host, _)) if host.contains(['.', ':']) => ("", name),
        Some(_) => ("docker.io/", name),
    };
    changed.bases = Some(format!(
        "{{\"{host}{path}@{CHILD}\":{{\"manifest\":{{\"platform\":\"linux/amd64\"}}}},\"*\":\"embedded\"}}"
    ));
    Some(changed)
}

fn single_arch(project: &Project) -> Option<Project> {
    with_last_base(project, "archlinux:base")
}

fn no_emulator(project: &Project) -> Option<Project> {
    if has_job(project) {
        return without_lines(project, |line| {
            line.contains("binfmt") || line.contains("setup-qemu-action")
        });
    }
    let runs = project
        .dockerfile
        .lines()
        .any(|line| keyword(line) == Some(Keyword::Run));
    let mut changed = project.clone();
    changed.settings.emulators = vec!["none".to_owned()];
    // BuildKit's own image brings emulators along; the daemon does not.
    "docker".clone_into(&mut changed.settings.driver);
    changed.settings.containerd_store = true;
    runs.then_some(changed)
}

fn no_repository(project: &Project) -> Option<Project> {
    if let Some(changed) = without_lines(project, |line| line.contains("create-repository")) {
        return Some(changed);
    }
    let mut changed = project.clone();
    let settings = &mut changed.job.as_mut()?.settings;
    let (_, value) = settings
        .iter_mut()
        .rfind(|(key, value)| key == REPOSITORY && value == "true")?;
    "false".clone_into(value);
    Some(changed)
}

fn no_goarch(project: &Project) -> Option<Project> {
    let forget = |text: &str| {
        [
            "GOARCH=$TARGETARCH ",
            "GOARCH=${TARGETARCH} ",
            "GOARCH=\"$TARGETARCH\" ",
        ]
        .iter()
        .fold(text.to_owned(), |text, part| text.replace(part, ""))
    };
    let mut changed = project.clone();
    changed.dockerfile = forget(&project.dockerfile);
    if let Some(job) = &mut changed.job {
        job.text = forget(&job.text);
    }
    (changed != *project).then_some(changed)
}

fn has_job(project: &Project) -> bool {
    project
        .job
        .as_ref()
        .is_some_and(|job| !job.text.trim().is_empty())
}

fn keyword(line: &str) -> Option<Keyword> {
    line.split_whitespace().next().and_then(Keyword::find)
}

/// The project without the lines of its job that match, and without the comments above them.
fn without_lines(project: &Project, matches: impl Fn(&str) -> bool) -> Option<Project> {
    let job = project.job.as_ref()?;
    let mut kept: Vec<&str> = Vec::new();
    let mut removed = false;
    for line in job.text.split_inclusive('\n') {
        if !line.trim_start().starts_with('#') && matches(line) {
            removed = true;
            while kept
                .last()
                .is_some_and(|above| above.trim_start().starts_with('#') && above.starts_with(' '))
            {
                kept.pop();
            }
        } else {
            kept.push(line);
        }
    }
    removed.then(|| Project {
        job: Some(JobRequest {
            text: kept.concat(),
            ..job.clone()
        }),
        ..project.clone()
    })
}

/// The image behind the last FROM, in the job where that writes the Dockerfile.
fn last_base(project: &Project) -> Option<&str> {
    let text = base_text(project)?;
    let at = text.rfind("FROM ")? + "FROM ".len();
    let image = text
        .get(at..)?
        .split([' ', '\n', '"', '\''])
        .find(|word| !word.starts_with("--"))?;
    let is_image = !image.is_empty() && image != "scratch" && !image.contains('$');
    is_image.then_some(image)
}

fn base_text(project: &Project) -> Option<&str> {
    match &project.job {
        Some(job) if job.text.contains("\"FROM ") => Some(&job.text),
        _ if project.dockerfile.contains("FROM ") => Some(&project.dockerfile),
        _ => None,
    }
}

fn with_last_base(project: &Project, image: &str) -> Option<Project> {
    let text = base_text(project)?;
    let changed = replaced_last(text, last_base(project)?, image)?;
    let mut project = project.clone();
    match &mut project.job {
        Some(job) if job.text.contains("\"FROM ") => job.text = changed,
        _ => project.dockerfile = changed,
    }
    Some(project)
}

fn replaced_last(text: &str, from: &str, to: &str) -> Option<String> {
    let at = text.rfind(from)?;
    Some(format!("{}{to}{}", &text[..at], &text[at + from.len()..]))
}
