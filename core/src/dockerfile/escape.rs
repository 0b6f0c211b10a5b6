//! The escape character: `\` unless `# escape=` says `` ` ``.

/// Escapes in words, and continues lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Escape {
    #[default]
    Backslash,
    Backtick,
}

impl Escape {
    /// The character.
    pub fn char(self) -> char {
        match self {
            Self::Backslash => '\\',
            Self::Backtick => '`',
        }
    }
}
