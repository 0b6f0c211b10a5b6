//! What each instruction says, typed as in BuildKit's `instructions` package. Nothing here is
//! expanded: that happens where the environment is known.

use super::ast::{Instruction, Word};

/// An instruction's payload. Flags that were not given are `None` or false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    From(From),
    Run(Run),
    Copy(Transfer),
    Add(Transfer),
    Env(Vec<Pair>),
    Label(Vec<Pair>),
    Arg(Vec<Arg>),
    Workdir(Word),
    User(Word),
    /// Sorted by bytes, as BuildKit does.
    Expose(Vec<Word>),
    /// Trimmed.
    Volume(Vec<Word>),
    Cmd(Command),
    Entrypoint(Command),
    Shell(Vec<Word>),
    Healthcheck(Healthcheck),
    Stopsignal(Word),
    Onbuild(Onbuild),
    Maintainer(Word),
    /// Not understood: an unknown keyword, or arguments too few to be anything.
    Invalid,
}

/// `FROM [--platform=P] IMAGE [AS NAME]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct From {
    /// As written, before expansion.
    pub image: Word,
    /// As written; `Some("")` for `--platform=`, which means the same as none.
    pub platform: Option<Word>,
    /// `AS` as written.
    pub as_keyword: Option<Word>,
    /// The stage's name as written. It counts in lower case: [`From::stage_name`].
    pub name: Option<Word>,
}

/// `RUN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub command: Command,
    /// `--mount` values as written; `super::mount::Mount::parse` types them after expansion.
    pub mounts: Vec<Word>,
    pub network: Network,
    pub security: Security,
    pub devices: Vec<Device>,
}

/// A command in shell or exec form. Heredocs of RUN are in `Instruction::heredocs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Exec form: the arguments. Shell form: one word, the text; none if there is no text.
    pub words: Vec<Word>,
    /// Shell form: SHELL is put in front.
    pub shell: bool,
}

/// `--network` of RUN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    #[default]
    Default,
    None,
    Host,
}

/// `--security` of RUN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Security {
    #[default]
    Sandbox,
    Insecure,
}

/// `--device` of RUN.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Device {
    pub name: String,
    pub required: bool,
}

/// `COPY` or `ADD`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transfer {
    /// Paths, globs or URLs, heredocs not included.
    pub sources: Vec<Word>,
    /// Heredoc sources.
    pub files: Vec<InlineFile>,
    pub destination: Word,
    /// COPY only.
    pub from: Option<Word>,
    pub chown: Option<Word>,
    pub chmod: Option<Word>,
    pub link: bool,
    /// COPY only.
    pub parents: bool,
    pub excludes: Vec<Word>,
    /// ADD only.
    pub checksum: Option<Word>,
    /// ADD only; `None` if not given.
    pub keep_git_dir: Option<bool>,
    /// ADD only; `None` if not given.
    pub unpack: Option<bool>,
}

/// A file that a heredoc of COPY or ADD makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineFile {
    /// The heredoc's name is the file's.
    pub name: String,
    /// Chomped, not expanded.
    pub data: String,
    /// Variables in it are expanded.
    pub expand: bool,
    /// The `<<NAME` word.
    pub word: Word,
}

/// One pair of ENV or LABEL; quotes and escapes are still in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub key: Word,
    pub value: Word,
    /// Written as `KEY value`, without `=`.
    pub legacy: bool,
}

/// One item of ARG; quotes and escapes are still in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arg {
    pub key: Word,
    /// `None` without `=`.
    pub value: Option<Word>,
}

/// `HEALTHCHECK`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Healthcheck {
    None,
    /// Durations in nanoseconds, zero if not given.
    Test {
        /// `CMD` or `CMD-SHELL`, then the command.
        test: Vec<String>,
        interval: i64,
        timeout: i64,
        start_period: i64,
        start_interval: i64,
        retries: i64,
    },
}

/// `ONBUILD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onbuild {
    /// What the config keeps: the instruction's text with its heredocs.
    pub expression: String,
    /// The instruction inside, with its places; its own errors are not yet judged, as BuildKit
    /// judges them when the trigger fires.
    pub inner: Box<Instruction>,
}

impl From {
    /// The name that the stage is found by.
    pub fn stage_name(&self) -> Option<String> {
        self.name.as_ref().map(|name| name.text.to_lowercase())
    }
}

impl Network {
    /// As the flag's value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::None => "none",
            Self::Host => "host",
        }
    }
}

impl Security {
    /// As the flag's value.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Insecure => "insecure",
        }
    }
}
