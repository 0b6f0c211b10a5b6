//! `--format F[=FILE]`: which report goes where.

use std::path::PathBuf;
use std::str::FromStr;

/// One report to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) format: Format,
    /// Standard output if absent.
    pub(crate) file: Option<PathBuf>,
}

/// The formats of a verification's report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Human,
    Json,
    Junit,
    Sarif,
    Github,
    Gitlab,
    Markdown,
}

/// All formats with their names, for parsing and for the usage error.
const FORMATS: [(&str, Format); 7] = [
    ("human", Format::Human),
    ("json", Format::Json),
    ("junit", Format::Junit),
    ("sarif", Format::Sarif),
    ("github", Format::Github),
    ("gitlab", Format::Gitlab),
    ("markdown", Format::Markdown),
];

impl Output {
    /// What is printed where nothing else goes to standard output.
    pub(crate) const HUMAN: Self = Self {
        format: Format::Human,
        file: None,
    };
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err(format!("`{text}` names no file behind the equals sign")),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let found = FORMATS.iter().find(|(known, _)| *known == name);
        let (_, format) = found.ok_or_else(|| {
            let names: Vec<&str> = FORMATS.iter().map(|(known, _)| *known).collect();
            format!(
                "`{name}` is not a format; choose one of {}",
                names.join(", ")
            )
        })?;
        Ok(Self {
            format: *format,
            file,
        })
    }
}
