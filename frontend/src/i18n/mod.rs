//! The interface's words, in every language that the page speaks.
//!
//! A language is one [`Texts`] value; a text that is missing in one does not compile. Findings,
//! rule pages and what real tools print are not here: they are quoted as they are.

mod craft;
mod en;
mod learn;
mod texts;
mod views;
mod zh;

pub(crate) use craft::CraftTexts;
pub(crate) use learn::LearnTexts;
pub(crate) use texts::Texts;
pub(crate) use views::ViewTexts;

use polyarch_core::scenarios::Both;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    SimplifiedChinese,
}

impl Language {
    pub(crate) fn texts(self) -> &'static Texts {
        match self {
            Self::English => &en::TEXTS,
            Self::SimplifiedChinese => &zh::TEXTS,
        }
    }

    /// BCP 47 tag, for `lang` attributes and for what is stored.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::SimplifiedChinese => "zh-Hans",
        }
    }

    /// The language that a browser's tag such as `zh-CN` is closest to.
    pub(crate) fn from_tag(tag: &str) -> Self {
        if tag == "zh" || tag.starts_with("zh-") {
            Self::SimplifiedChinese
        } else {
            Self::English
        }
    }

    /// A text of core in this language.
    pub(crate) fn pick(self, both: &Both) -> &str {
        match self {
            Self::English => &both.english,
            Self::SimplifiedChinese => &both.chinese,
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::English => Self::SimplifiedChinese,
            Self::SimplifiedChinese => Self::English,
        }
    }

    /// Its name in itself, for the button that switches to it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::SimplifiedChinese => "中文",
        }
    }
}
