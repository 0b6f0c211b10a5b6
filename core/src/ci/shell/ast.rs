//! What a script is made of.

/// Commands in order.
pub type List = Vec<Item>;

/// One and-or list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub first: Pipeline,
    pub rest: Vec<(Connector, Pipeline)>,
    /// Ended by `&`.
    pub background: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connector {
    And,
    Or,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    pub negated: bool,
    pub commands: Vec<Command>,
}

/// A command with its redirections.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    pub kind: CommandKind,
    pub redirects: Vec<Redirect>,
    /// Line within the script, from 0.
    pub line: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CommandKind {
    Simple {
        assignments: Vec<Assignment>,
        words: Vec<Word>,
    },
    Group(List),
    Subshell(List),
    If {
        /// Conditions with what runs when they hold.
        arms: Vec<(List, List)>,
        otherwise: Option<List>,
    },
    Loop {
        until: bool,
        condition: List,
        body: List,
    },
    For {
        name: String,
        /// `None` stands for the positional parameters.
        words: Option<Vec<Word>>,
        body: List,
    },
    /// `for ((a; b; c))`.
    ArithmeticFor {
        start: String,
        condition: String,
        step: String,
        body: List,
    },
    Case {
        word: Word,
        arms: Vec<(Vec<Word>, List)>,
    },
    Function {
        name: String,
        body: Box<Command>,
    },
    /// `[[ … ]]`, its words as written.
    Test(Vec<Word>),
    /// `(( … ))`.
    Arithmetic(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    pub name: String,
    /// `name[index]=`.
    pub index: Option<String>,
    /// `+=`.
    pub append: bool,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Word(Word),
    Array(Vec<Word>),
}

/// Parts that stand together without a blank.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Word(pub Vec<Part>);

#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    Literal {
        text: String,
        quoted: bool,
    },
    /// `$name`, `${name…}`.
    Parameter {
        parameter: Box<Parameter>,
        quoted: bool,
    },
    /// `$(…)` and backquotes.
    Command {
        list: List,
        quoted: bool,
    },
    /// `$((…))`.
    Arithmetic {
        text: String,
        quoted: bool,
    },
}

/// A parameter expansion.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub name: String,
    /// `[@]`, `[*]` or an index.
    pub index: Option<String>,
    pub operation: Operation,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    None,
    /// `${#x}`.
    Length,
    /// `${!x}`.
    Indirect,
    /// `-`, `=`, `?`, `+`; with a colon an empty value counts as unset.
    Fallback {
        kind: char,
        colon: bool,
        word: Word,
    },
    /// `#`, `##`, `%`, `%%`.
    Trim {
        suffix: bool,
        longest: bool,
        pattern: Word,
    },
    /// `/` and `//`; `anchor` is `#`, `%` or a blank.
    Replace {
        all: bool,
        anchor: char,
        pattern: Word,
        with: Word,
    },
    /// `:offset:length`.
    Slice {
        offset: String,
        length: Option<String>,
    },
    /// `^`, `^^`, `,`, `,,`.
    Case {
        upper: bool,
        all: bool,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Redirect {
    pub descriptor: u8,
    pub kind: RedirectKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum RedirectKind {
    Read(Word),
    Write {
        target: Word,
        append: bool,
    },
    /// `&>`: both streams.
    WriteBoth {
        target: Word,
        append: bool,
    },
    /// `2>&1`; `-` closes.
    Duplicate(String),
    /// Here-document or here-string; the text is expanded.
    Text(Word),
}

impl Redirect {
    /// It writes behind what is there.
    pub fn appends(&self) -> bool {
        match self.kind {
            RedirectKind::Write { append, .. } | RedirectKind::WriteBoth { append, .. } => append,
            RedirectKind::Read(_) | RedirectKind::Duplicate(_) | RedirectKind::Text(_) => false,
        }
    }
}

impl Word {
    /// The text if nothing in it has to be expanded.
    pub fn literal(&self) -> Option<String> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Literal { text: piece, .. } => text.push_str(piece),
                Part::Parameter { .. } | Part::Command { .. } | Part::Arithmetic { .. } => {
                    return None;
                }
            }
        }
        Some(text)
    }
}
