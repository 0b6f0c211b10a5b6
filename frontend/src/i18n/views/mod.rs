//! The words of the outcome's views: a catalogue of its own, since each view brings many.

mod en;
mod zh;

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
}
