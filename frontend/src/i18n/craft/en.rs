//! English.

use super::CraftTexts;

pub(crate) static CRAFT: CraftTexts = CraftTexts {
    break_it: "Break it",
    broken: "Broken:",
    mistake: |mistake| mistake.title,

    palette: "Commands",
    palette_hint: "What do you want to do?",
    palette_none: "No command has these words.",
    show: |view| format!("Show {view}"),
    go_to: |page| format!("Go to {page}"),
    open: |example| format!("Open: {example}"),
    change_theme: "Change the theme",
    change_language: "Change the language",

    copy_markdown: "Copy as Markdown",
    markdown_copied: "Markdown copied",
    download_zip: "Download as zip",
    copy_gate: "Copy the gate for this job",
    gate_copied: "Gate copied: it goes after the push",
    clipboard_failed: "The browser refused the clipboard",

    update_ready: "A newer version is here.",
    load_again: "Load again",

    ci_form: "The CI file",
    ci_none: "Each choice writes a CI file that builds, pushes and verifies.",
    ci_exact: "The file is what these choices write; a change here changes it there.",
    ci_by_hand: "The file was written by hand. The form shows what it could read; a change here \
                 replaces the file, and undo brings it back.",
    ci_written: "CI file written",
    ci_write: "Write the file",
    ci_service: "Service",
    ci_registry: "Registry",
    ci_image: "Image",
    ci_strategy: "Other CPUs",
    ci_emulation: "under QEMU",
    ci_cross: "cross-compiled in the Dockerfile",
    ci_native: "each on a runner of its own",
    ci_platforms: "Platforms of the CI file",
    ci_cache: "Keep a build cache",
    ci_provenance: "Attach provenance",

    further: "Rarely needed",
    buildkit: "BuildKit’s version",
    newest: "the newest",
    further_flags: "Further flags and BUILDX_ variables, one a line",

    plain_editor: "Use the plain editor",
    rich_editor: "Use the rich editor",
    tab_indents: "Let Tab indent in the editor",
    tab_leaves: "Let Tab leave the editor",
};
