//! The fences of a document and what their info strings say about them.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A fence with its place.
#[derive(Debug)]
pub(super) struct Fence {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// Of its first line, from 1.
    pub(super) line: usize,
}

impl Fence {
    /// Whether `readme.rs` tests it: the lines for CI, and outputs.
    pub(super) fn is_of_the_readme(&self) -> bool {
        matches!(&self.kind, Kind::Unknown(info) if info == "yaml" || info == "text")
    }
}

/// What is done with a fence.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `LANGUAGE file=NAME`: a file beside the commands of the page.
    File(String),
    /// `sh`, `sh exit=N`: run together in one shell.
    Commands {
        exit: i32,
    },
    /// `sh server`: run until it listens, and ended.
    Server,
    /// `console`, `console exit=N`: each command behind `$ ` prints the lines below it.
    Console {
        exit: i32,
    },
    /// `sh tree`: works on the clone and takes long; what it names is looked up.
    Tree,
    /// `yaml gitlab`, `yaml github`: valid by the service's schema, and plays through.
    Ci(Service),
    /// `text`: nothing to type.
    Picture,
    Unknown(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Gitlab,
    Github,
    /// Steps of a job, beside those that build and push.
    GithubSteps,
}

impl Kind {
    fn of(info: &str, text: &str) -> Self {
        let words: Vec<&str> = info.split_whitespace().collect();
        let unknown = || Self::Unknown(info.to_owned());
        match words.as_slice() {
            ["sh"] => Self::Commands { exit: 0 },
            ["sh", "server"] => Self::Server,
            ["sh", "tree"] => Self::Tree,
            ["console"] => Self::Console { exit: 0 },
            ["yaml", "gitlab"] => Self::Ci(Service::Gitlab),
            ["yaml", "github"] => Self::Ci(Service::Github),
            ["yaml", "github", "steps"] => Self::Ci(Service::GithubSteps),
            // A command in a picture would go untested.
            ["text"] if !text.lines().any(|line| line.starts_with("$ ")) => Self::Picture,
            [language, word] => match (*language, word.split_once('=')) {
                ("sh", Some(("exit", code))) => code
                    .parse()
                    .map_or_else(|_| unknown(), |exit| Self::Commands { exit }),
                ("console", Some(("exit", code))) => code
                    .parse()
                    .map_or_else(|_| unknown(), |exit| Self::Console { exit }),
                (_, Some(("file", name))) => Self::File(name.to_owned()),
                _ => unknown(),
            },
            _ => unknown(),
        }
    }
}

/// All code blocks of a document, in order; indented ones have no kind.
pub(super) fn fences(markdown: &str) -> Vec<Fence> {
    let mut fences: Vec<Fence> = Vec::new();
    let mut open: Option<(String, usize, String)> = None;
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => "indented".to_owned(),
                };
                let line = markdown[..range.start].matches('\n').count() + 1;
                open = Some((info, line, String::new()));
            }
            Event::Text(part) => {
                if let Some((_, _, text)) = &mut open {
                    text.push_str(&part);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let (info, line, text) = open.take().expect("it began");
                fences.push(Fence {
                    kind: Kind::of(&info, &text),
                    text,
                    line,
                });
            }
            _ => {}
        }
    }
    fences
}

#[test]
fn what_no_test_knows_is_unknown() {
    let kinds = |text: &str| -> Vec<Kind> { fences(text).into_iter().map(|f| f.kind).collect() };
    assert_eq!(
        kinds("```sh\ntrue\n```\n\n```console exit=3\n$ x\n```\n\n```toml file=a.toml\n```\n"),
        [
            Kind::Commands { exit: 0 },
            Kind::Console { exit: 3 },
            Kind::File("a.toml".to_owned())
        ]
    );
    for text in [
        "```\nx\n```\n",
        "```bash\nx\n```\n",
        "    indented\n",
        "```sh skip\nx\n```\n",
        "```text\n$ polyarch verify\n```\n",
        "~~~yaml\na: b\n~~~\n",
    ] {
        assert!(matches!(kinds(text)[..], [Kind::Unknown(_)]), "{text}");
    }
}
