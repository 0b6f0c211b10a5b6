//! The edit that gets a project to another way of building.
//!
//! An edit is offered only where it is known what comes of it: every file that a moved stage hands
//! on is still for the right CPU. Nothing else than Dockerfile and CI file is edited.

use super::{Analysis, JobRequest, Project, Way, analyse};
use crate::ci::generate::{Strategy, follow};
use crate::diagnostic::{Diagnostic, Edit, Severity};
use crate::dockerfile::{self, From, Instruction, Kind};
use crate::reference::Reference;

/// How a project gets to a [`Way`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// It is there.
    Already,
    /// The project as it would be.
    Edit(Box<Project>),
    /// No stage comes before the one that is exported, so that none could run elsewhere.
    NoBuildStage,
    /// No edit is known whose files are certain to be right.
    ByHand,
}

/// The rules whose fixes tell a compiler the target that a moved stage no longer runs on.
const TARGETS: [&str; 2] = ["cross-no-goarch", "targetarch-not-declared"];

/// One fix can make room for the next; three rounds do for declaration and use.
const ROUNDS: usize = 3;

/// How `project` gets to a way. `built` is what is built: the project itself, or as its job has it.
pub fn reach(project: &Project, built: &Project, way: Way) -> Reach {
    match way {
        Way::AsWritten => Reach::Already,
        Way::NativeRunners => native_runners(project, built),
        Way::Emulate | Way::CrossCompile if project.dockerfile != built.dockerfile => Reach::ByHand,
        Way::Emulate => emulate(project),
        Way::CrossCompile => cross_compile(project, built),
    }
}

/// The CI file with a runner of its own CPU for each platform. One that is not there is written
/// for GitLab; one that is there stays with its service.
fn native_runners(project: &Project, built: &Project) -> Reach {
    let before = project.job.clone().unwrap_or_default();
    let mut followed = follow(&before.text);
    if !before.text.trim().is_empty() && followed.options.strategy == Strategy::Native {
        return Reach::Already;
    }
    if !followed.exact {
        let tag = built.settings.tags.first();
        let named = tag.and_then(|tag| tag.parse::<Reference>().ok());
        if let Some(name) = named {
            let seen = follow(&format!("IMAGE: {}/{}\n", name.host, name.path));
            followed.options.registry = seen.options.registry;
            followed.options.image = seen.options.image;
        }
        followed
            .options
            .platforms
            .clone_from(&built.settings.platforms);
    }
    followed.options.strategy = Strategy::Native;
    let file = if followed.github {
        ".github/workflows/image.yml"
    } else {
        ".gitlab-ci.yml"
    };
    Reach::Edit(Box::new(Project {
        dockerfile: built.dockerfile.clone(),
        job: Some(JobRequest {
            file: file.to_owned(),
            text: followed.text(),
            job: None,
            ..before
        }),
        ..project.clone()
    }))
}

/// No stage asks for the builder's platform any more.
fn emulate(project: &Project) -> Reach {
    let (file, _) = dockerfile::parse(&project.dockerfile);
    let edits = file.instructions.iter().filter_map(|instruction| {
        let from = from_of(instruction)?;
        from.platform
            .as_ref()
            .filter(|flag| is_builders(&flag.text))?;
        let flag = instruction.flags.iter().find(|f| f.name == "platform")?;
        let mut span = flag.span;
        let behind = project.dockerfile.get(span.end..).unwrap_or_default();
        span.end += behind.len() - behind.trim_start_matches([' ', '\t']).len();
        Some(Edit {
            file: project.dockerfile_name.clone(),
            span,
            text: String::new(),
        })
    });
    let edits: Vec<Edit> = edits.collect();
    if edits.is_empty() {
        return Reach::Already;
    }
    Reach::Edit(Box::new(edited(project, &edits)))
}

/// Every stage but the exported one and those below it runs on the builder's platform.
fn cross_compile(project: &Project, built: &Project) -> Reach {
    let alone = Project {
        job: None,
        ..built.clone()
    };
    let before = analyse(&alone);
    let edits = match moves(&alone, &before) {
        Moves::None => return Reach::NoBuildStage,
        Moves::Done => return Reach::Already,
        Moves::Edits(edits) => edits,
    };
    let mut moved = edited(&alone, &edits);
    let mut after = analyse(&moved);
    for _ in 0..ROUNDS {
        let fixes = after.diagnostics.iter();
        let mut fixes = fixes.filter(|finding| TARGETS.contains(&finding.rule));
        let fix = fixes.find_map(|finding| finding.fix.as_ref());
        let Some(fix) = fix else { break };
        moved = edited(&moved, &fix.edits);
        after = analyse(&moved);
    }
    if !is_right(&before, &after) {
        return Reach::ByHand;
    }
    Reach::Edit(Box::new(Project {
        dockerfile: moved.dockerfile,
        ..project.clone()
    }))
}

/// What there is to move to the builder's platform.
enum Moves {
    /// Nothing comes before the exported stage.
    None,
    /// All that can be is there.
    Done,
    Edits(Vec<Edit>),
}

fn moves(project: &Project, analysis: &Analysis) -> Moves {
    let (file, _) = dockerfile::parse(&project.dockerfile);
    let stages = file.stages();
    let froms: Vec<(&Instruction, &From)> = stages
        .iter()
        .filter_map(|stage| stage.first())
        .filter_map(|instruction| Some((instruction, from_of(instruction)?)))
        .collect();
    let Some(exported) = analysis.stages.iter().position(|stage| stage.is_final) else {
        return Moves::None;
    };
    let kept = lineage(&froms, exported);
    let mut others = 0;
    let mut edits = Vec::new();
    for (at, (instruction, from)) in froms.iter().enumerate() {
        let used = analysis.stages.get(at).is_some_and(|stage| stage.used);
        if !used || kept.contains(&at) {
            continue;
        }
        others += 1;
        let chosen = from
            .platform
            .as_ref()
            .is_some_and(|flag| !flag.text.is_empty());
        let from_outside = parent(&froms, at).is_none() && from.image.text != "scratch";
        if from_outside && !chosen {
            let behind = instruction.keyword.span.end;
            edits.push(Edit {
                file: project.dockerfile_name.clone(),
                span: crate::diagnostic::Span::new(behind, behind),
                text: " --platform=$BUILDPLATFORM".to_owned(),
            });
        }
    }
    match (others, edits.is_empty()) {
        (0, _) => Moves::None,
        (_, true) => Moves::Done,
        (_, false) => Moves::Edits(edits),
    }
}

/// A stage and those that it is made from.
fn lineage(froms: &[(&Instruction, &From)], stage: usize) -> Vec<usize> {
    let mut all = vec![stage];
    // A parent stands above its child, so that this ends.
    while let Some(above) = all.last().and_then(|at| parent(froms, *at)) {
        all.push(above);
    }
    all
}

/// The stage above that a stage is made from.
fn parent(froms: &[(&Instruction, &From)], stage: usize) -> Option<usize> {
    let (_, from) = froms.get(stage)?;
    let above = froms.get(..stage)?;
    above.iter().rposition(|(_, other)| {
        let name = other.stage_name();
        name.is_some_and(|name| name.eq_ignore_ascii_case(&from.image.text))
    })
}

/// Nothing fails that did not, and every file that a build makes is known to be for its image.
fn is_right(before: &Analysis, after: &Analysis) -> bool {
    let known = |finding: &Diagnostic| before.diagnostics.iter().any(|d| d.rule == finding.rule);
    let errors = after.diagnostics.iter();
    let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
    let mut files = after
        .platforms
        .iter()
        .flat_map(|platform| &platform.content);
    errors.all(known)
        && files.all(|file| {
            // Only what comes straight from the context is the same wherever a stage runs.
            let straight = file.made.is_none() && file.from.starts_with("context:");
            !file.wrong && (straight || file.machine != "unknown")
        })
}

fn edited(project: &Project, edits: &[Edit]) -> Project {
    let mut project = project.clone();
    let mut edits: Vec<&Edit> = edits.iter().collect();
    // From the end, so that earlier spans stay where they are.
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    for edit in edits {
        let range = edit.span.start..edit.span.end;
        if edit.file == project.dockerfile_name && project.dockerfile.get(range.clone()).is_some() {
            project.dockerfile.replace_range(range, &edit.text);
        }
    }
    project
}

fn from_of(instruction: &Instruction) -> Option<&From> {
    match &instruction.kind {
        Kind::From(from) => Some(from),
        _ => None,
    }
}

fn is_builders(flag: &str) -> bool {
    matches!(flag, "$BUILDPLATFORM" | "${BUILDPLATFORM}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPILED: &str = "FROM golang:1.26 AS build\nCOPY . .\nRUN go build -o /app .\n\
        FROM alpine\nRUN apk add curl\nCOPY --from=build /app /app\n";
    const CROSSED: &str = "FROM --platform=$BUILDPLATFORM golang:1.26 AS build\nCOPY . .\n\
        ARG TARGETOS TARGETARCH\nRUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .\n\
        FROM alpine\nRUN apk add curl\nCOPY --from=build /app /app\n";

    fn project(dockerfile: &str) -> Project {
        Project {
            dockerfile: dockerfile.to_owned(),
            ..Project::default()
        }
    }

    fn to(dockerfile: &str, way: Way) -> Result<String, Reach> {
        let project = project(dockerfile);
        match reach(&project, &project, way) {
            Reach::Edit(project) => Ok(project.dockerfile),
            other => Err(other),
        }
    }

    #[test]
    fn a_compiling_stage_moves_with_its_target_and_back() {
        assert_eq!(to(COMPILED, Way::CrossCompile).as_deref(), Ok(CROSSED));
        assert_eq!(to(CROSSED, Way::CrossCompile), Err(Reach::Already));
        let back = to(CROSSED, Way::Emulate).expect("an edit");
        assert!(back.starts_with("FROM golang:1.26 AS build\n"), "{back}");
        assert_eq!(to(&back, Way::Emulate), Err(Reach::Already));
    }

    #[test]
    fn what_cannot_be_known_is_left_to_people() {
        let made = COMPILED.replace("go build -o /app .", "make && cp app /app");
        assert_eq!(to(&made, Way::CrossCompile), Err(Reach::ByHand));
        let rust = COMPILED.replace(
            "go build -o /app .",
            "cargo build && cp target/debug/a /app",
        );
        assert_eq!(to(&rust, Way::CrossCompile), Err(Reach::ByHand));
        let packages = COMPILED.replace(
            "go build -o /app .",
            "apt-get install -y jq && cp /usr/bin/jq /app",
        );
        assert_eq!(to(&packages, Way::CrossCompile), Err(Reach::ByHand));
        assert_eq!(
            to("FROM alpine\nRUN apk add curl\n", Way::CrossCompile),
            Err(Reach::NoBuildStage)
        );
    }

    #[test]
    fn what_the_exported_stage_is_made_from_stays() {
        let text = "FROM alpine AS base\nRUN apk add curl\nFROM golang AS build\n\
            RUN CGO_ENABLED=0 go build -o /app .\nFROM base\nCOPY --from=build /app /app\n";
        let moved = to(text, Way::CrossCompile).expect("an edit");
        assert!(moved.starts_with("FROM alpine AS base\n"), "{moved}");
        assert!(
            moved.contains("FROM --platform=$BUILDPLATFORM golang AS build"),
            "{moved}"
        );
    }

    #[test]
    fn native_runners_are_a_ci_file_for_the_same_tag_and_platforms() {
        let mut project = project(COMPILED);
        project.settings.tags = vec!["ghcr.io/acme/tool:1".to_owned()];
        project.settings.platforms.push("linux/s390x".to_owned());
        let Reach::Edit(native) = reach(&project, &project, Way::NativeRunners) else {
            panic!("an edit");
        };
        let text = &native.job.as_ref().expect("a job").text;
        assert!(
            text.contains("ghcr.io/acme/tool") && text.contains("s390x"),
            "{text}"
        );
        assert_eq!(reach(&native, &native, Way::NativeRunners), Reach::Already);
    }
}
