//! The words of composing and taking away: mistakes, palette, sharing, the CI form, the editor.

mod en;
mod zh;

pub(super) use en::CRAFT as EN;
pub(super) use zh::CRAFT as ZH;

/// All of these texts in one language.
pub(crate) struct CraftTexts {
    pub(crate) break_it: &'static str,
    pub(crate) broken: &'static str,
    pub(crate) mistake: fn(&polyarch_core::assist::Mistake) -> &'static str,

    pub(crate) palette: &'static str,
    pub(crate) palette_hint: &'static str,
    pub(crate) palette_none: &'static str,
    pub(crate) show: fn(&str) -> String,
    pub(crate) go_to: fn(&str) -> String,
    pub(crate) open: fn(&str) -> String,
    pub(crate) change_theme: &'static str,
    pub(crate) change_language: &'static str,

    pub(crate) copy_markdown: &'static str,
    pub(crate) markdown_copied: &'static str,
    pub(crate) download_zip: &'static str,
    pub(crate) copy_gate: &'static str,
    pub(crate) gate_copied: &'static str,
    pub(crate) clipboard_failed: &'static str,

    pub(crate) update_ready: &'static str,
    pub(crate) load_again: &'static str,

    pub(crate) ci_form: &'static str,
    pub(crate) ci_none: &'static str,
    pub(crate) ci_exact: &'static str,
    pub(crate) ci_by_hand: &'static str,
    pub(crate) ci_written: &'static str,
    pub(crate) ci_write: &'static str,
    pub(crate) ci_service: &'static str,
    pub(crate) ci_registry: &'static str,
    pub(crate) ci_image: &'static str,
    pub(crate) ci_strategy: &'static str,
    pub(crate) ci_emulation: &'static str,
    pub(crate) ci_cross: &'static str,
    pub(crate) ci_native: &'static str,
    pub(crate) ci_platforms: &'static str,
    pub(crate) ci_cache: &'static str,
    pub(crate) ci_provenance: &'static str,

    pub(crate) further: &'static str,
    pub(crate) buildkit: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) further_flags: &'static str,

    pub(crate) plain_editor: &'static str,
    pub(crate) rich_editor: &'static str,
    pub(crate) tab_indents: &'static str,
    pub(crate) tab_leaves: &'static str,
}
