//! The loom of typical projects, and analyses of any text.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::*;

/// A row a line: keyword, and each cell with its columns.
fn loom(analysis: &Analysis) -> String {
    let mut text = String::new();
    for stage in &analysis.stages {
        let used = if stage.used { "" } else { " (unused)" };
        let last = if stage.is_final { " (final)" } else { "" };
        writeln!(text, "{}{used}{last}", stage.name).unwrap();
        for row in &stage.rows {
            write!(text, "{:>3} {:10}", row.line, row.keyword).unwrap();
            for cell in &row.cells {
                let on = cell
                    .on
                    .as_ref()
                    .map_or(String::new(), |on| format!(" on {on}"));
                let cross = cell
                    .cross
                    .as_ref()
                    .map_or(String::new(), |to| format!(" for {to}"));
                let state = match &cell.state {
                    CellState::Runs(runs) => runs.as_str().to_owned(),
                    CellState::Failed(error) => format!("failed: {error}"),
                    other => format!("{other:?}").to_lowercase(),
                };
                write!(text, " | {}x {state}{on}{cross}", cell.columns).unwrap();
            }
            text.push('\n');
        }
    }
    let verdict = &analysis.verdict;
    writeln!(
        text,
        "{:?} {}/{}",
        verdict.kind, verdict.published, verdict.requested
    )
    .unwrap();
    text
}

fn project(dockerfile: &str) -> Project {
    Project {
        dockerfile: dockerfile.to_owned(),
        ..Project::default()
    }
}

fn check(project: &Project, expected: &Expect) {
    let analysis = analyse(project);
    for row in analysis.stages.iter().flat_map(|stage| &stage.rows) {
        let columns: usize = row.cells.iter().map(|cell| cell.columns).sum();
        assert_eq!(columns, analysis.platforms.len(), "every column once");
    }
    expected.assert_eq(&loom(&analysis));
}

#[test]
fn what_platforms_share_is_one_cell() {
    let text = "FROM --platform=$BUILDPLATFORM golang AS build\nWORKDIR /src\nCOPY . .\n\
                ARG TARGETOS TARGETARCH\nRUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .\n\
                FROM alpine AS extra\nRUN true\nFROM alpine\nRUN apk add curl\n\
                COPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n";
    check(
        &project(text),
        &expect![[r"
            build
              1 FROM       | 2x pulled on linux/amd64
              2 WORKDIR    | 2x files on linux/amd64
              3 COPY       | 2x files on linux/amd64
              4 ARG        | 1x metadata | 1x metadata
              5 RUN        | 1x native on linux/amd64 | 1x native on linux/amd64 for linux/arm64
            extra (unused)
              6 FROM       | 2x notrun
              7 RUN        | 2x notrun
            stage-2 (final)
              8 FROM       | 1x pulled on linux/amd64 | 1x pulled on linux/arm64
              9 RUN        | 1x native on linux/amd64 | 1x emulated on linux/arm64
             10 COPY       | 1x files on linux/amd64 | 1x files on linux/arm64
             11 ENTRYPOINT | 1x metadata | 1x metadata
            Publishes 2/2
        "]],
    );
}

#[test]
fn what_fails_is_in_the_row_that_fails() {
    let mut project = project("FROM alpine\nRUN true\nEXPOSE x\n");
    project
        .settings
        .platforms
        .push("linux/bogus/a/b".to_owned());
    check(
        &project,
        &expect![[r"
            stage-0 (final)
              1 FROM       | 3x notrun
              2 RUN        | 3x notrun
              3 EXPOSE     | 2x failed: invalid containerPort: x | 1x notrun
            Fails 0/3
        "]],
    );
}

#[test]
fn a_builder_without_emulators_cannot_run_everything() {
    let mut project = project("FROM alpine\nRUN true\n");
    "docker".clone_into(&mut project.settings.driver);
    project.settings.containerd_store = true;
    let analysis = analyse(&project);
    assert_eq!(analysis.verdict.kind, VerdictKind::Fails);
    assert!(
        analysis
            .diagnostics
            .iter()
            .any(|d| d.rule == "step-cannot-run")
    );
    project.settings.emulators = vec!["arm64".to_owned()];
    assert_eq!(analyse(&project).verdict.kind, VerdictKind::Publishes);
}

#[test]
fn large_files_are_analysed() {
    let mut text = String::from("FROM alpine\n");
    for n in 0..800 {
        writeln!(text, "RUN echo {n}\nENV A{n}=$B{n}\nCMD x").unwrap();
    }
    let analysis = analyse(&project(&text));
    assert!(analysis.warnings.len() >= 800);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(150))]

    #[test]
    fn any_text_is_analysed_without_a_panic(text in "(FROM a\n)?(RUN|COPY|ARG|\\PC|\n|<<E| |\\$|\\{){0,40}") {
        let analysis = analyse(&project(&text));
        for platform in &analysis.platforms {
            proptest::prop_assert!(platform.error.is_some() || platform.image.is_some());
        }
        for found in &analysis.diagnostics {
            for edit in found.fix.iter().flat_map(|fix| &fix.edits) {
                proptest::prop_assert!(text.get(edit.span.start..edit.span.end).is_some());
            }
        }
    }
}
