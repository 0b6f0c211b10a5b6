//! The words of the outcome's views: a catalogue of its own, since each view brings many.

mod en;
mod zh;

use polyarch_core::analysis::Way;
use polyarch_core::content::Origin;

pub(super) use en::VIEWS as EN;
pub(super) use zh::VIEWS as ZH;

/// All texts of the outcome's views in one language.
pub(crate) struct ViewTexts {
    // Content.
    pub(crate) content: &'static str,
    pub(crate) content_label: &'static str,
    pub(crate) file: &'static str,
    pub(crate) for_another: &'static str,
    pub(crate) for_one: &'static str,
    pub(crate) for_unknown: &'static str,
    pub(crate) for_any: &'static str,
    /// CPUs of a file, and that it is none of them.
    pub(crate) any_cpu: &'static str,
    pub(crate) unknown_cpu: &'static str,
    pub(crate) not_there: &'static str,
    /// Where a file is from: its origin, and what core calls the place.
    pub(crate) origin: fn(Origin, &str) -> String,
    pub(crate) at_line: fn(usize) -> String,
    pub(crate) made_then: fn(usize, usize) -> String,
    pub(crate) all_in_folder: &'static str,
    pub(crate) and_more: fn(usize) -> String,
    pub(crate) no_files: &'static str,
    pub(crate) content_note: &'static str,

    // Registry.
    pub(crate) tag_page: &'static str,
    pub(crate) os_arch: &'static str,
    pub(crate) compressed: &'static str,
    pub(crate) size_note: &'static str,
    pub(crate) megabytes: fn(u64) -> String,
    pub(crate) base_and_more: fn(&str) -> String,
    pub(crate) after_build: &'static str,
    pub(crate) laid_out: &'static str,
    pub(crate) named_by: &'static str,
    pub(crate) specification: &'static str,
    pub(crate) open_document: fn(&str) -> String,

    // Who pulls what.
    pub(crate) who_pulls: &'static str,
    pub(crate) client_column: &'static str,
    pub(crate) gets: &'static str,
    pub(crate) client: fn(&str) -> String,
    pub(crate) instead: &'static str,
    pub(crate) gets_wrong: &'static str,
    pub(crate) gets_nothing: &'static str,
    pub(crate) choose_clients: &'static str,
    pub(crate) other_platform: &'static str,

    // Graph, timeline, log.
    pub(crate) graph: &'static str,
    pub(crate) graph_label: &'static str,
    pub(crate) reads: fn(&str) -> String,
    pub(crate) no_steps: &'static str,
    pub(crate) timeline: &'static str,
    pub(crate) times_note: &'static str,
    pub(crate) order_note: &'static str,

    // Costs.
    pub(crate) costs: &'static str,
    /// A duration in milliseconds, as exact as an estimate can be.
    pub(crate) estimate: fn(u64) -> String,
    pub(crate) estimated_time: &'static str,
    pub(crate) emulated_steps: &'static str,
    pub(crate) to_push: &'static str,
    pub(crate) hub_pulls: &'static str,
    pub(crate) in_all: &'static str,
    pub(crate) cost_note: &'static str,
    pub(crate) pulled_for: &'static str,
    pub(crate) ways: &'static str,
    pub(crate) way_column: &'static str,
    /// Name of a way to build, and what it is.
    pub(crate) way: fn(Way) -> (&'static str, &'static str),
    pub(crate) until_done: &'static str,
    pub(crate) work_in_all: &'static str,
    pub(crate) change_to: &'static str,
    pub(crate) way_already: &'static str,
    pub(crate) way_no_stage: &'static str,
    pub(crate) way_by_hand: &'static str,
    pub(crate) no_ways: &'static str,
    pub(crate) ways_note: &'static str,

    // Verify: archives.
    pub(crate) choose_archive: &'static str,
    pub(crate) archive_stays: &'static str,
    pub(crate) reading: fn(u32) -> String,
    pub(crate) from_archive: &'static str,

    // Compare.
    pub(crate) compare: &'static str,
    pub(crate) compare_first: &'static str,
    pub(crate) nothing_differs: &'static str,
    pub(crate) keep_state: &'static str,
    pub(crate) against_scenario: &'static str,
    pub(crate) against_link: &'static str,
    pub(crate) all_platforms: &'static str,
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
}

/// Hours, minutes and seconds of a duration; the smallest that matters is rounded up.
fn clock(milliseconds: u64) -> (u64, u64, u64) {
    let seconds = milliseconds.div_ceil(1000);
    (seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `3.6 MB`: decimal, as registries' pages count.
fn megabytes(bytes: u64) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "one digit behind the point is shown"
    )]
    let megabytes = bytes as f64 / 1_000_000.0;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..100_000 => format!("{:.1} kB", megabytes * 1_000.0),
        _ => format!("{megabytes:.1} MB"),
    }
}
