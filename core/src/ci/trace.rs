//! Reads a script of RUN: which commands it calls, with what arguments, where, and in which
//! environment.
//!
//! The shell is the one of CI jobs, but in a trace no command runs: each is written down and taken
//! to succeed. What a program would print is [`UNKNOWN`]; where a condition rests on that, every
//! branch is walked and its commands are marked as doubtful. Nothing is said of what commands do.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::build::Verdict;
use super::settings::Settings;
use super::shell::{Flow, Shell, Variables, parse};
use super::world::{Service, World};
use crate::platform::Platform;

/// Stands for text that only a real run could know; from Unicode's private area.
pub const UNKNOWN: char = '\u{e000}';

/// More commands of one script are not written down.
const MAX_CALLS: usize = 2_000;

/// More files, and longer ones, are not kept.
const MAX_TEXTS: usize = 64;
const MAX_TEXT: usize = 4_096;

/// Files that scripts wrote and whose whole text is known, by absolute path.
pub type Texts = BTreeMap<String, String>;

/// A command as it would be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The program as named, or `>` for a file that a redirection writes.
    pub program: String,
    pub arguments: Vec<String>,
    /// Absolute; holds [`UNKNOWN`] where it cannot be told.
    pub directory: String,
    /// What programs see.
    pub environment: Rc<BTreeMap<String, String>>,
    /// It may not run at all.
    pub doubtful: bool,
    /// Commands with the same number stand in one pipeline.
    pub pipe: Option<usize>,
    /// For `>`: position of the first command whose output it takes; they end before this one.
    pub first: usize,
}

/// What a script calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    pub calls: Vec<Call>,
    /// The script ends with a failure for certain.
    pub fails: bool,
    /// The exit status of a script that fails for certain.
    pub status: i32,
    /// It could not be read to its end.
    pub cut: bool,
    /// The files whose text is known after it.
    pub texts: Texts,
}

/// How sure the status of the last command is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Certainty {
    #[default]
    Sure,
    /// A program that is taken to succeed.
    Assumed,
    /// A test of something unknown.
    Unsure,
}

/// What is written down while a script is read.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    pub(super) calls: Vec<Call>,
    pub(super) doubt: usize,
    pub(super) certainty: Certainty,
    /// What the script runs on.
    pub(super) machine: Option<Platform>,
    pub(super) cut: bool,
    texts: Texts,
}

impl Trace {
    pub(super) fn push(&mut self, call: Call) {
        if self.calls.len() < MAX_CALLS {
            self.calls.push(call);
        } else {
            self.cut = true;
        }
    }

    /// The text of a file, if it is known.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// A redirection writes a file. What may not run leaves it unknown, as does unknown text.
    pub(super) fn write(&mut self, path: &str, text: &str, append: bool) {
        let before = match self.texts.remove(path) {
            Some(before) if append => before,
            // It may have been there with something in it.
            None if append && self.doubt > 0 => return,
            _ => String::new(),
        };
        let whole = before + text;
        let is_known = self.doubt == 0 && !whole.contains(UNKNOWN) && !path.contains(UNKNOWN);
        if is_known && whole.len() <= MAX_TEXT && self.texts.len() < MAX_TEXTS {
            self.texts.insert(path.to_owned(), whole);
        }
    }

    /// A command that names a path may have changed what is there.
    pub(super) fn touch(&mut self, path: &str) {
        let inside = format!("{}/", path.trim_end_matches('/'));
        self.texts
            .retain(|known, _| known != path && !known.starts_with(&inside));
    }
}

/// What a script begins with.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    /// What programs see.
    pub environment: &'a BTreeMap<String, String>,
    /// Absolute.
    pub directory: &'a str,
    /// What the script runs on, where that is known.
    pub machine: Option<&'a Platform>,
    /// The shell is bash.
    pub bash: bool,
    /// What earlier scripts wrote.
    pub texts: &'a Texts,
}

/// Reads a script.
pub fn trace(script: &str, start: Start<'_>) -> Script {
    let Ok(list) = parse(script) else {
        return Script {
            cut: true,
            ..Script::default()
        };
    };
    let Start {
        environment,
        directory,
        machine,
        bash,
        texts,
    } = start;
    let build = Box::new(|_: &_, _: &_| Verdict::default());
    let mut world = World::new(Settings::default(), Service::GitLab, build);
    world.has_bash = bash;
    world.trace = Some(Trace {
        machine: machine.cloned(),
        texts: texts.clone(),
        ..Trace::default()
    });
    let mut variables = Variables::default();
    for (name, value) in environment {
        variables.set_exported(name, value.clone());
    }
    let done = Shell::new(&mut world, variables, directory).run(&list, &mut String::new());
    let trace = world.trace.take().unwrap_or_default();
    let sure = trace.doubt == 0 && trace.certainty == Certainty::Sure;
    let fails = match done {
        Ok(status) => status != 0 && sure,
        Err(Flow::Exit(status)) => status != 0 && trace.doubt == 0,
        Err(_) => false,
    };
    Script {
        calls: trace.calls,
        fails,
        status: match done {
            Ok(status) | Err(Flow::Exit(status)) => status,
            Err(_) => 0,
        },
        cut: trace.cut || done == Err(Flow::TimeLimit),
        texts: trace.texts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(script: &str, pairs: &[(&str, &str)]) -> Vec<String> {
        let pairs = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let machine = Platform::new("linux", "amd64");
        let start = Start {
            environment: &pairs.collect(),
            directory: "/w",
            machine: Some(&machine),
            bash: false,
            texts: &Texts::new(),
        };
        let script = trace(script, start);
        let shown = script.calls.iter().map(|call| {
            let mark = if call.doubtful { "?" } else { "" };
            format!("{mark}{} {}", call.program, call.arguments.join(" "))
        });
        let mut shown: Vec<String> = shown.collect();
        shown.extend(script.fails.then(|| "fails".to_owned()));
        shown
    }

    #[test]
    fn scripts_are_read_with_their_variables() {
        for (script, expected) in [
            ("go build -o /o/$A .", vec!["go build -o /o/arm64 ."]),
            ("if [ \"$A\" = arm64 ]; then x a; else x b; fi", vec!["x a"]),
            ("case $A in amd64) x 1;; *) x 2;; esac", vec!["x 2"]),
            ("[ -f f ] && x", vec!["?x "]),
            ("x || y", vec!["x ", "?y "]),
            (
                "if [ -e f ]; then V=1; else V=2; fi; x $V",
                vec!["x \u{e000}"],
            ),
            ("M=$(uname -m); x $M", vec!["x x86_64"]),
            ("x $(echo $A | sed 's/arm64/aarch64/')", vec!["x aarch64"]),
            ("for i in a b; do x $i; done", vec!["x a", "x b"]),
            ("cd d && x > f", vec!["x ", "> /w/d/f"]),
            ("[ $A = amd64 ] || exit 1", vec!["fails"]),
            ("mkdir -p o && cp a o/", vec!["mkdir -p o", "cp a o/"]),
            (
                "until nc -z h 1; do sleep 1; done; x",
                vec!["nc -z h 1", "x "],
            ),
            ("sh -c 'x a'", vec!["x a"]),
            ("x \"$(cat VERSION)\"", vec!["cat VERSION", "x \u{e000}"]),
            (
                "case $A in arm64) echo aarch64 >/t ;; *) echo x >/t ;; esac; x $(cat /t)",
                vec!["> /t", "cat /t", "x aarch64"],
            ),
            (
                "printf a >f; printf b >>f; read V <f; x $V $(cat ./f)",
                vec!["> /w/f", "> /w/f", "cat ./f", "x ab ab"],
            ),
            (
                "echo a >f; sed -i s/a/b/ f; x $(cat f)",
                vec!["> /w/f", "sed -i s/a/b/ f", "cat f", "x \u{e000}"],
            ),
            (
                "echo a >f; [ -e g ] && echo b >f; x $(cat f)",
                vec!["> /w/f", "?> /w/f", "cat f", "x \u{e000}"],
            ),
            (
                "echo a >d/f; rm -r d; x $(cat d/f)",
                vec!["> /w/d/f", "rm -r d", "cat d/f", "x \u{e000}"],
            ),
            (
                "x >f; x $(cat f)",
                vec!["x ", "> /w/f", "cat f", "x \u{e000}"],
            ),
        ] {
            assert_eq!(calls(script, &[("A", "arm64")]), expected, "{script}");
        }
    }
}
