//! The project to take away: as Markdown for an issue or a merge request, and as files.

use std::fmt::Write as _;

use polyarch_core::analysis::Project;
use polyarch_core::ci::gate;

use super::answer::{Answer, End};
use super::command::build_command;

/// Link, files and outcome in Markdown.
pub(crate) fn markdown(project: &Project, answer: &Answer, link: &str) -> String {
    let mut text = format!("[Open it in the playground]({link})\n\n");
    if !project.dockerfile.is_empty() {
        fence(
            &mut text,
            "dockerfile",
            &project.dockerfile_name,
            &project.dockerfile,
        );
    }
    match &project.job {
        Some(job) => fence(&mut text, "yaml", &job.file, &job.text),
        None => fence(&mut text, "sh", "The build", &build_command(project)),
    }
    text.push_str(&outcome(answer));
    text
}

/// Paths and contents: Dockerfile, CI file, the context's known files, and what to expect.
pub(crate) fn files(project: &Project, answer: &Answer, link: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    if !project.dockerfile.is_empty() {
        let name = project.dockerfile_name.clone();
        files.push((name, project.dockerfile.clone().into_bytes()));
    }
    if let Some(job) = &project.job {
        files.push((job.file.clone(), job.text.clone().into_bytes()));
    }
    for file in &project.files {
        // A path that would leave the folder is no file of a context.
        let leaves = file.path.starts_with('/') || file.path.split('/').any(|part| part == "..");
        if let (Some(bytes), false) = (&file.bytes, leaves) {
            files.push((file.path.clone(), bytes.clone()));
        }
    }
    files.retain(|(path, _)| path != "README.md");
    let mut readme = String::from("# What to expect\n\n");
    readme.push_str(&outcome(answer));
    if project.job.is_none() {
        fence(&mut readme, "sh", "The build", &build_command(project));
    }
    for tag in &answer.shown.settings.tags {
        gate_for(&mut readme, tag);
    }
    let _ = writeln!(readme, "[The same in the playground]({link})");
    files.push(("README.md".to_owned(), readme.into_bytes()));
    files
}

/// The gate for a tag: the command, and the lines for the pipelines that know no other name.
fn gate_for(readme: &mut String, tag: &str) {
    let title = "The gate after the push";
    fence(readme, "sh", title, &format!("polyarch verify {tag}"));
    let inputs = [("reference", tag)];
    fence(
        readme,
        "yaml",
        "The same in GitLab CI",
        &gate::gitlab(&inputs),
    );
    fence(
        readme,
        "yaml",
        "The same as a step of GitHub Actions",
        &gate::github(&inputs),
    );
}

/// A table of the platforms, then the findings.
fn outcome(answer: &Answer) -> String {
    let mut text = String::new();
    if let Some(job) = &answer.job {
        let end = match &job.end {
            End::Passes => format!("The job passes and publishes {} platforms.", job.pushed),
            End::Fails => "The job fails.".to_owned(),
            End::Refused(why) => format!("The CI file is refused: {why}"),
        };
        let _ = writeln!(text, "{end}\n");
    }
    let analysis = &answer.analysis;
    if !analysis.platforms.is_empty() {
        text.push_str("| platform | predicted |\n|---|---|\n");
        for platform in &analysis.platforms {
            let outcome = match &platform.error {
                Some(error) => error.replace('|', "\\|").replace('\n', " "),
                None if platform.platform.is_none() => "not a platform".to_owned(),
                None => "builds".to_owned(),
            };
            let _ = writeln!(text, "| `{}` | {outcome} |", platform.requested);
        }
        text.push('\n');
    }
    for finding in &analysis.diagnostics {
        let _ = writeln!(
            text,
            "- **{}** `{}`: {}",
            finding.severity.as_str(),
            finding.rule,
            finding.message
        );
    }
    text.push('\n');
    text
}

/// A fence that nothing inside closes.
fn fence(out: &mut String, language: &str, name: &str, text: &str) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest.max(2) + 1);
    let newline = if text.ends_with('\n') { "" } else { "\n" };
    let _ = writeln!(
        out,
        "{name}:\n\n{ticks}{language}\n{text}{newline}{ticks}\n"
    );
}

#[cfg(test)]
mod tests {
    use super::super::answer::answer;
    use super::*;

    #[test]
    fn what_is_taken_away_says_what_to_expect() {
        let project = Project {
            dockerfile: "FROM alpine:3.22\nRUN echo '```'\n".to_owned(),
            ..Project::default()
        };
        let answer = answer(&project);
        let text = markdown(&project, &answer, "http://x/#v1.a");
        assert!(text.contains("\n````dockerfile\nFROM alpine"), "{text}");
        assert!(text.contains("| `linux/arm64` | builds |"), "{text}");
        let files = files(&project, &answer, "x");
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["Dockerfile", "README.md"]);
    }
}
