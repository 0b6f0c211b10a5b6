//! How the page should look and write: theme, language and editor, remembered in the browser.

use crate::browser::{self, storage};
use crate::i18n::Language;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) fn stored() -> Self {
        match storage::read(storage::THEME).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// The next one that the theme button offers.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// Shows the page in this theme and remembers it.
    pub(crate) fn apply(self) {
        let name = match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        };
        browser::set_root_attribute("data-theme", name);
        match name {
            Some(name) => storage::write(storage::THEME, name),
            None => storage::remove(storage::THEME),
        }
    }
}

/// The language chosen before, or the one that the browser prefers.
pub(crate) fn stored_language() -> Language {
    let tag = storage::read(storage::LANGUAGE).unwrap_or_else(browser::preferred_language);
    Language::from_tag(&tag)
}

/// Tells the browser which language the page is in.
pub(crate) fn apply_language(language: Language) {
    browser::set_root_attribute("lang", Some(language.tag()));
}

/// How texts are edited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct EditorChoice {
    /// A textarea instead of CodeMirror.
    pub(crate) plain: bool,
    /// The Tab key indents instead of leaving the editor.
    pub(crate) indent: bool,
}

impl EditorChoice {
    pub(crate) fn stored() -> Self {
        Self {
            plain: storage::read(storage::EDITOR).is_some(),
            indent: storage::read(storage::INDENT).is_some(),
        }
    }

    pub(crate) fn remember(self) {
        for (key, value, chosen) in [
            (storage::EDITOR, "plain", self.plain),
            (storage::INDENT, "tab", self.indent),
        ] {
            if chosen {
                storage::write(key, value);
            } else {
                storage::remove(key);
            }
        }
    }
}
