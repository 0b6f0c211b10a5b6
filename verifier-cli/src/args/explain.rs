//! `polyarch explain`: which rule, and for whom.

/// Options of `polyarch explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The rule; all of them, as a list, without it
    #[arg(value_name = "RULE")]
    pub(crate) rule: Option<String>,
    /// For people or for programs
    #[arg(long, value_enum, default_value_t = TextFormat::Human)]
    pub(crate) format: TextFormat,
}

/// Formats of commands that print a text or its JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum TextFormat {
    Human,
    Json,
}
