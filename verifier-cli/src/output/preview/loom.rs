//! The table of a preview: a row for each instruction, a column for each platform, and below them
//! how long each takes. More platforms than have room side by side stand below each other.

use std::fmt::Write as _;

use anstyle::Style;
use polyarch_core::analysis::{
    Alternative, Cell, CellState, PlatformView, RowView, Runs, StageView, Way,
};
use polyarch_core::platform::Platform;

use super::Shown;
use super::human::{BOLD, DIM, GREEN, RED, YELLOW};
use crate::output::columns::{cut, fit, width_of, wrap};

/// The narrowest column for a platform, and the widest.
const COLUMN: (usize, usize) = (14, 20);
/// The least room for what stands before the columns.
const TEXT: usize = 34;
/// What ends a style.
const RESET: &str = "\u{1b}[0m";
/// More paths than this are counted only.
const MAX_PATHS: usize = 30;

/// Which platforms stand side by side, and how wide everything is.
struct Layout {
    from: usize,
    to: usize,
    column: usize,
    text: usize,
}

/// Platforms in groups that have room side by side.
fn layouts(platforms: usize, width: usize) -> Vec<Layout> {
    let room = (width.saturating_sub(TEXT) / COLUMN.0).max(1);
    let groups = platforms.div_ceil(room).max(1);
    let each = platforms.div_ceil(groups).max(1);
    (0..platforms)
        .step_by(each)
        .map(|from| {
            let to = (from + each).min(platforms);
            let column = (width / 2 / (to - from)).clamp(COLUMN.0, COLUMN.1);
            let text = width.saturating_sub(column * (to - from));
            Layout {
                from,
                to,
                column,
                text,
            }
        })
        .collect()
}

/// Stages, instructions, and where each runs on each platform.
pub(super) fn render(shown: &Shown<'_>, width: usize, out: &mut String) {
    let analysis = shown.analysis;
    let is_shown = |stage: &&StageView| stage.used || failed(stage);
    for layout in layouts(analysis.platforms.len(), width) {
        out.push('\n');
        header(shown, &layout, out);
        for stage in analysis.stages.iter().filter(is_shown) {
            let _ = writeln!(out, "{DIM}{}{DIM:#}", cut(&stage.name, width));
            for row in &stage.rows {
                self::row(row, &layout, out);
            }
        }
        times(shown, &layout, out);
    }
    let unused = analysis.stages.iter().filter(|stage| !is_shown(stage));
    let unused: Vec<&str> = unused.map(|stage| stage.name.as_str()).collect();
    if !unused.is_empty() && !analysis.platforms.is_empty() && analysis.verdict.error.is_none() {
        for line in wrap(&format!("not built: {}", unused.join(", ")), width) {
            let _ = writeln!(out, "{DIM}{line}{DIM:#}");
        }
    }
}

fn header(shown: &Shown<'_>, layout: &Layout, out: &mut String) {
    let mut line = " ".repeat(layout.text);
    for platform in &shown.analysis.platforms[layout.from..layout.to] {
        let name = platform.platform.as_ref();
        let name = name.map_or(platform.requested.clone(), ToString::to_string);
        let _ = write!(line, "{BOLD}{}{BOLD:#}", fit(&name, layout.column));
    }
    end(&line, out);
}

fn failed(stage: &StageView) -> bool {
    let mut cells = stage.rows.iter().flat_map(|row| &row.cells);
    cells.any(|cell| matches!(cell.state, CellState::Failed(_)))
}

fn row(row: &RowView, layout: &Layout, out: &mut String) {
    let text = format!("{:>3} {} {}", row.line, row.keyword, row.text);
    let mut line = fit(&text, layout.text);
    for cell in &row.cells {
        let from = cell.column.max(layout.from);
        let to = (cell.column + cell.columns).min(layout.to);
        let columns = to.saturating_sub(from);
        if columns == 0 {
            continue;
        }
        let (style, word) = word(cell);
        let width = layout.column * columns;
        let word = if columns > 1 && !word.is_empty() {
            // One thing for several platforms spans their columns.
            let bar = width.saturating_sub(width_of(&word) + 2);
            format!("{word} {}", "─".repeat(bar))
        } else {
            word
        };
        if word.is_empty() {
            line.push_str(&" ".repeat(width));
        } else {
            let _ = write!(line, "{style}{}{style:#}", fit(&word, width));
        }
    }
    end(&line, out);
}

/// Adds a line without the blanks at its end, those before a last change of colour included.
fn end(line: &str, out: &mut String) {
    let mut line = line.trim_end_matches(' ');
    let mut resets = String::new();
    // A style ends with the one sequence that resets all; what it colours may be blank.
    while let Some(inner) = line.strip_suffix(RESET) {
        resets.insert_str(0, RESET);
        line = inner.trim_end_matches(' ');
    }
    out.push_str(line);
    out.push_str(&resets);
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
            let on = cell.on.as_ref();
            (DIM, on.map_or(String::new(), Platform::specifier))
        }
        CellState::Files => (DIM, "files".to_owned()),
        CellState::Metadata => (DIM, String::new()),
        CellState::Failed(_) => (RED, "fails".to_owned()),
        CellState::NotRun => (DIM, "-".to_owned()),
        CellState::Unknown(_) => (YELLOW, "?".to_owned()),
    }
}

/// How long each platform takes, under its column.
fn times(shown: &Shown<'_>, layout: &Layout, out: &mut String) {
    let platforms = &shown.analysis.platforms[layout.from..layout.to];
    if platforms.iter().all(|platform| platform.steps.is_empty()) {
        return;
    }
    let mut line = fit("    estimated time", layout.text);
    for platform in platforms {
        let text = if platform.error.is_some() {
            "-".to_owned()
        } else {
            duration(platform.cost.elapsed)
        };
        let _ = write!(line, "{}", fit(&text, layout.column));
    }
    end(&format!("{DIM}{}{DIM:#}", line.trim_end()), out);
}

/// `8 s`, `6 min 42 s`, `2 h 5 min`: as exact as an estimate can be.
fn duration(milliseconds: u64) -> String {
    let seconds = milliseconds.div_ceil(1000);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// What other ways to build the same cost, where emulation makes this one slow.
pub(super) fn alternatives(shown: &Shown<'_>, width: usize, out: &mut String) {
    let Some(written) = shown.alternatives.first() else {
        return;
    };
    let best = shown
        .alternatives
        .iter()
        .map(|other| other.whole.elapsed)
        .min();
    if best.unwrap_or(0) * 2 > written.whole.elapsed {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}Estimated time, by where programs run{BOLD:#}");
    for alternative in &shown.alternatives {
        let (what, how) = described(alternative);
        let time = duration(alternative.whole.elapsed);
        let line = format!("  {}{}{how}", fit(what, 18), fit(&time, 14));
        end(&cut(line.trim_end(), width), out);
    }
}

fn described(alternative: &Alternative) -> (&'static str, &'static str) {
    match alternative.way {
        Way::AsWritten => ("as written", ""),
        Way::Emulate => (
            "all emulated",
            "nothing to change, QEMU for foreign platforms",
        ),
        Way::CrossCompile => (
            "cross-compiled",
            "FROM --platform=$BUILDPLATFORM in build stages",
        ),
        Way::NativeRunners => (
            "native runners",
            "one a platform, joined by imagetools create",
        ),
    }
}

/// The files that are for one CPU, or of which that is not known: a line for each path.
pub(super) fn content(shown: &Shown<'_>, width: usize, out: &mut String) {
    let platforms = &shown.analysis.platforms;
    let mut paths: std::collections::BTreeMap<&str, Vec<&str>> = std::collections::BTreeMap::new();
    for (at, platform) in platforms.iter().enumerate() {
        for entry in &platform.content {
            let machines = paths.entry(&entry.path).or_default();
            machines.resize(at, "-");
            machines.push(&entry.machine);
        }
    }
    let all = paths.len();
    paths.retain(|_, machines| machines.iter().any(|machine| *machine != "any"));
    let portable = all - paths.len();
    if paths.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}Which CPU each file is for{BOLD:#}");
    for layout in layouts(platforms.len(), width) {
        if layout.to - layout.from < platforms.len() {
            header(shown, &layout, out);
        }
        for (path, machines) in paths.iter().take(MAX_PATHS) {
            let mut line = format!("  {}", fit(path, layout.text - 2));
            for (at, platform) in platforms
                .iter()
                .enumerate()
                .take(layout.to)
                .skip(layout.from)
            {
                let machine = machines.get(at).copied().unwrap_or("-");
                let style = machine_style(machine, platform);
                let _ = write!(line, "{style}{}{style:#}", fit(machine, layout.column));
            }
            end(&line, out);
        }
    }
    let more = paths.len().saturating_sub(MAX_PATHS);
    if more > 0 {
        let _ = writeln!(out, "  {DIM}and {more} more{DIM:#}");
    }
    if portable > 0 {
        let noun = if portable == 1 {
            "file is"
        } else {
            "files are"
        };
        let _ = writeln!(out, "  {DIM}{portable} {noun} for any CPU{DIM:#}");
    }
}

fn machine_style(machine: &str, platform: &PlatformView) -> Style {
    let own = platform.export.as_ref().map(ToString::to_string);
    match machine {
        "-" | "any" => DIM,
        "unknown" => YELLOW,
        machine if own.as_deref().is_some_and(|own| own.starts_with(machine)) => GREEN,
        _ => RED,
    }
}
