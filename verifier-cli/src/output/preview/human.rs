//! A preview for people: the verdict, a column for each platform, the findings.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use polyarch_core::analysis::{
    Cell, CellState, JobVerdict, JobVerdictKind, RowView, Runs, StageView, VerdictKind,
};
use polyarch_core::diagnostic::{Diagnostic, Severity};

use super::Shown;
use super::place::Places;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const RED: Style = AnsiColor::Red.on_default();

/// How wide the page is made.
const WIDTH: usize = 80;
/// The narrowest column for a platform, and the widest.
const COLUMN: (usize, usize) = (12, 18);

/// More paths than this are counted only.
const MAX_PATHS: usize = 30;

/// The whole preview.
pub(crate) fn render(shown: &Shown<'_>) -> String {
    let mut out = String::new();
    if let Some(target) = shown.target {
        let _ = writeln!(out, "{BOLD}Target {target}{BOLD:#}");
    }
    super::job::human(shown, &mut out);
    verdict(shown, &mut out);
    if !shown.only_findings {
        loom(shown, &mut out);
        content(shown, &mut out);
        documents(shown, &mut out);
    }
    findings(shown, &mut out);
    out
}

fn verdict(shown: &Shown<'_>, out: &mut String) {
    if let Some(job) = shown.job {
        return job_verdict(&job.verdict, out);
    }
    let verdict = &shown.analysis.verdict;
    let (style, text) = match verdict.kind {
        VerdictKind::Publishes => (
            GREEN,
            format!(
                "{} of {} platforms would be published",
                verdict.published, verdict.requested
            ),
        ),
        VerdictKind::PublishesWrong => (
            YELLOW,
            format!(
                "{} of {} platforms would be published, and something in them is wrong",
                verdict.published, verdict.requested
            ),
        ),
        VerdictKind::Fails => (RED, "The build fails; nothing is published".to_owned()),
        VerdictKind::NothingPushed => (GREEN, "The build succeeds; nothing is pushed".to_owned()),
    };
    let _ = writeln!(out, "{BOLD}{style}{text}{style:#}{BOLD:#}");
    if let Some(error) = &verdict.error {
        let _ = writeln!(out, "  ERROR: failed to build: {error}");
    }
}

/// The sentence about the job, which the build alone does not decide.
fn job_verdict(verdict: &JobVerdict, out: &mut String) {
    let style = match verdict.kind {
        JobVerdictKind::Publishes | JobVerdictKind::NothingPushed => GREEN,
        JobVerdictKind::PublishesWrong | JobVerdictKind::Timing => YELLOW,
        JobVerdictKind::Refused | JobVerdictKind::PushRefused | JobVerdictKind::Stops => RED,
    };
    let _ = writeln!(out, "{BOLD}{style}{}{style:#}{BOLD:#}", verdict.sentence);
}

fn loom(shown: &Shown<'_>, out: &mut String) {
    let platforms = &shown.analysis.platforms;
    if platforms.is_empty() {
        return;
    }
    let column = (WIDTH / 2 / platforms.len()).clamp(COLUMN.0, COLUMN.1);
    let text = WIDTH.saturating_sub(column * platforms.len()).max(30);
    let _ = write!(out, "\n{:text$}", "");
    for platform in platforms {
        let name = platform.platform.as_ref();
        let name = name.map_or(platform.requested.clone(), ToString::to_string);
        let _ = write!(out, "{BOLD}{}{BOLD:#}", fit(&name, column));
    }
    out.push('\n');
    for stage in shown
        .analysis
        .stages
        .iter()
        .filter(|stage| stage.used || failed(stage))
    {
        let _ = writeln!(out, "{DIM}{}{DIM:#}", stage.name);
        for row in &stage.rows {
            self::row(row, text, column, out);
        }
    }
    let unused: Vec<&str> = shown
        .analysis
        .stages
        .iter()
        .filter(|stage| !stage.used && !failed(stage))
        .map(|stage| stage.name.as_str())
        .collect();
    if !unused.is_empty() && shown.analysis.verdict.error.is_none() {
        let _ = writeln!(out, "{DIM}not built: {}{DIM:#}", unused.join(", "));
    }
}

fn failed(stage: &StageView) -> bool {
    let mut cells = stage.rows.iter().flat_map(|row| &row.cells);
    cells.any(|cell| matches!(cell.state, CellState::Failed(_)))
}

fn row(row: &RowView, text: usize, column: usize, out: &mut String) {
    let line = format!("{:>3} {} {}", row.line, row.keyword, row.text);
    let _ = write!(out, "{}", fit(&line, text));
    for cell in &row.cells {
        let (style, word) = word(cell);
        let width = column * cell.columns;
        let word = if cell.columns > 1 && !word.is_empty() {
            // One thing for several platforms spans their columns.
            let bar = width.saturating_sub(word.chars().count() + 2);
            format!("{word} {}", "─".repeat(bar))
        } else {
            word
        };
        let _ = write!(out, "{style}{}{style:#}", fit(&word, width));
    }
    let trimmed = out.trim_end_matches(' ').len();
    out.truncate(trimmed);
    out.push('\n');
}

fn word(cell: &Cell) -> (Style, String) {
    let cross = cell.cross.as_ref().map_or_else(String::new, |platform| {
        let text = platform.specifier();
        format!(" →{}", text.split_once('/').map_or("", |(_, rest)| rest))
    });
    match &cell.state {
        CellState::Runs(Runs::Native) => (GREEN, format!("native{cross}")),
        CellState::Runs(Runs::Emulated) => (YELLOW, format!("emulated{cross}")),
        CellState::Runs(Runs::Unsupported) => (RED, format!("cannot run{cross}")),
        CellState::Pulled => {
            let on = cell
                .on
                .as_ref()
                .map_or(String::new(), polyarch_core::platform::Platform::specifier);
            (DIM, on)
        }
        CellState::Files => (DIM, "files".to_owned()),
        CellState::Metadata => (DIM, String::new()),
        CellState::Failed(_) => (RED, "fails".to_owned()),
        CellState::NotRun => (DIM, "-".to_owned()),
        CellState::Unknown(_) => (YELLOW, "?".to_owned()),
    }
}

/// The text cut or filled to a width, with a blank at its end.
fn fit(text: &str, width: usize) -> String {
    let room = width.saturating_sub(1);
    let count = text.chars().count();
    let mut fitted: String = if count > room {
        let cut = text.chars().take(room.saturating_sub(1));
        cut.chain(std::iter::once('…')).collect()
    } else {
        text.to_owned()
    };
    let fill = width.saturating_sub(fitted.chars().count());
    fitted.extend(std::iter::repeat_n(' ', fill));
    fitted
}

/// The files that are for one CPU, or of which that is not known: a line for each path.
fn content(shown: &Shown<'_>, out: &mut String) {
    let platforms = &shown.analysis.platforms;
    let mut paths: std::collections::BTreeMap<&str, Vec<(&str, bool)>> =
        std::collections::BTreeMap::new();
    for (at, platform) in platforms.iter().enumerate() {
        for entry in &platform.content {
            let machines = paths.entry(&entry.path).or_default();
            machines.resize(at, ("-", false));
            machines.push((&entry.machine, entry.wrong));
        }
    }
    let portable = paths
        .values()
        .filter(|m| m.iter().all(|(m, _)| *m == "any"))
        .count();
    paths.retain(|_, machines| machines.iter().any(|(machine, _)| *machine != "any"));
    if paths.is_empty() {
        return;
    }
    let column = (WIDTH / 2 / platforms.len().max(1)).clamp(COLUMN.0, COLUMN.1);
    let text = WIDTH.saturating_sub(column * platforms.len()).max(30);
    let _ = writeln!(out, "\n{BOLD}Which CPU each file is for{BOLD:#}");
    for (path, machines) in paths.iter().take(MAX_PATHS) {
        let _ = write!(out, "  {}", fit(path, text - 2));
        for at in 0..platforms.len() {
            let (machine, wrong) = machines.get(at).copied().unwrap_or(("-", false));
            let style = match machine {
                _ if wrong => RED,
                "-" | "any" => DIM,
                "unknown" => YELLOW,
                _ => GREEN,
            };
            let _ = write!(out, "{style}{}{style:#}", fit(machine, column));
        }
        let trimmed = out.trim_end_matches(' ').len();
        out.truncate(trimmed);
        out.push('\n');
    }
    let more = paths.len().saturating_sub(MAX_PATHS);
    if more > 0 {
        let _ = writeln!(out, "  {DIM}and {more} more{DIM:#}");
    }
    if portable > 0 {
        let _ = writeln!(out, "  {DIM}{portable} files are for any CPU{DIM:#}");
    }
}

fn documents(shown: &Shown<'_>, out: &mut String) {
    let documents = &shown.analysis.documents;
    if documents.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}In the registry{BOLD:#}");
    for document in documents {
        let kind = document.kind.as_str();
        let platform = document.platform.as_ref();
        let platform = platform.map_or(String::new(), ToString::to_string);
        let size = document.text.len();
        let digest = if document.simulated {
            "digest depends on the build".to_owned()
        } else {
            document.digest.short()
        };
        let _ = writeln!(
            out,
            "  {kind:21}{platform:16}{size:>6} B  {DIM}{digest}{DIM:#}"
        );
    }
}

fn findings(shown: &Shown<'_>, out: &mut String) {
    let diagnostics = &shown.analysis.diagnostics;
    if diagnostics.is_empty() {
        out.push_str("\nNo findings.\n");
        return;
    }
    let places = Places::new(shown);
    let _ = writeln!(out, "\n{BOLD}Findings{BOLD:#}");
    for found in diagnostics {
        finding(found, &places, out);
    }
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    };
    let _ = writeln!(
        out,
        "\n{} errors, {} warnings, {} notes",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Info)
    );
}

fn finding(found: &Diagnostic, places: &Places<'_>, out: &mut String) {
    let style = match found.severity {
        Severity::Error => RED,
        Severity::Warning => YELLOW,
        Severity::Info => DIM,
    };
    let place = places.spot(found).map_or(String::new(), |spot| {
        format!("{}:{}:{} ", spot.file, spot.line, spot.column)
    });
    let platform = found
        .platform()
        .map_or(String::new(), |p| format!(" on {p}"));
    let _ = writeln!(
        out,
        "{style}{}{style:#} {place}{BOLD}{}{BOLD:#}{platform}",
        found.severity, found.rule
    );
    for text in [found.message.as_str(), &found.why, &found.next] {
        for line in wrap(text, WIDTH - 2) {
            let _ = writeln!(out, "  {line}");
        }
    }
}

/// Breaks at blanks; line breaks of the text stay.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let long = line.chars().count() + word.chars().count() + 1 > width;
            if long && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}
