//! What the page remembers between visits: the text, and how it should look. Nothing else is
//! stored, and nothing leaves the browser.

/// The project, in the form of a share link.
pub(crate) const PROJECT: &str = "polyarch.project";
/// `light` or `dark`; absent for the system's choice.
pub(crate) const THEME: &str = "polyarch.theme";
/// A language's tag.
pub(crate) const LANGUAGE: &str = "polyarch.language";
/// `plain` for a textarea instead of CodeMirror.
pub(crate) const EDITOR: &str = "polyarch.editor";
/// `tab` where the Tab key indents.
pub(crate) const INDENT: &str = "polyarch.indent";
/// Names of the scenarios that were opened, with blanks between them.
pub(crate) const SEEN: &str = "polyarch.seen";
/// Guesses and finished lessons, one a line.
pub(crate) const PROGRESS: &str = "polyarch.learn";
/// A lesson's text as it was left, in the form of a share link; the lesson's name follows.
pub(crate) const LESSON: &str = "polyarch.learn.";
/// What the comparison compares with, in the form of a share link.
pub(crate) const COMPARED: &str = "polyarch.compared";
/// Width of the compose pane in per cent.
pub(crate) const SPLIT: &str = "polyarch.split";
/// Width of the tree in per cent, on the page that verifies.
pub(crate) const SPLIT_VERIFY: &str = "polyarch.split.verify";

/// Longer values are not stored: browsers give a page about 5 MB in all.
const LONGEST: usize = 500_000;

pub(crate) fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// A full or forbidden store loses the convenience, not the work.
pub(crate) fn write(key: &str, value: &str) {
    if value.len() <= LONGEST
        && let Some(storage) = storage()
    {
        let _ = storage.set_item(key, value);
    }
}

pub(crate) fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

fn storage() -> Option<web_sys::Storage> {
    super::window()?.local_storage().ok().flatten()
}
