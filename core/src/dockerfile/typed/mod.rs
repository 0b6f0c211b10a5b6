//! From an instruction in pieces to a typed one, with BuildKit's checks in BuildKit's order.
//!
//! BuildKit stops at the first fault of an instruction; that one is kept, and the rest is still
//! typed as far as it makes sense.

mod flags;
mod healthcheck;
mod onbuild;
mod run;
mod simple;
mod stage;
mod transfer;

use crate::diagnostic::Span;

use super::ast::{Heredoc, Instruction};
use super::keyword::Keyword;
use super::kind::Kind;
use super::node::{Fault, Node};
use super::suggest::with_suggestion;

/// The first fault of an instruction.
#[derive(Default)]
struct Judge {
    fault: Option<Fault>,
}

impl Judge {
    fn refuse(&mut self, message: impl Into<String>, span: Span) {
        self.fault.get_or_insert_with(|| Fault {
            message: message.into(),
            span,
        });
    }
}

/// Types an instruction. Lines and comments are left to the caller.
pub(super) fn instruction(
    node: Node,
    heredocs: Vec<Heredoc>,
    span: Span,
) -> (Instruction, Option<Fault>) {
    let mut judge = Judge::default();
    let kind = kind(&node, &heredocs, &mut judge);
    let instruction = Instruction {
        kind,
        code: node.original.trim().to_owned(),
        keyword: node.keyword,
        flags: node.flags,
        arguments: node.arguments,
        json: node.json,
        heredocs,
        comments: Vec::new(),
        start_line: 0,
        end_line: 0,
        span,
        faulty: judge.fault.is_some(),
    };
    (instruction, judge.fault)
}

fn kind(node: &Node, heredocs: &[Heredoc], judge: &mut Judge) -> Kind {
    match node.known {
        None => unknown(node, judge),
        Some(Keyword::Add) => transfer::add(node, heredocs, judge),
        Some(Keyword::Arg) => simple::arg(node, judge),
        Some(Keyword::Cmd) => run::cmd(node, judge),
        Some(Keyword::Copy) => transfer::copy(node, heredocs, judge),
        Some(Keyword::Entrypoint) => run::entrypoint(node, judge),
        Some(Keyword::Env) => simple::env(node, judge),
        Some(Keyword::Expose) => simple::expose(node, judge),
        Some(Keyword::From) => stage::from(node, judge),
        Some(Keyword::Healthcheck) => healthcheck::healthcheck(node, judge),
        Some(Keyword::Label) => simple::label(node, judge),
        Some(Keyword::Maintainer) => simple::maintainer(node, judge),
        Some(Keyword::Onbuild) => onbuild::onbuild(node, heredocs, judge),
        Some(Keyword::Run) => run::run(node, judge),
        Some(Keyword::Shell) => run::shell(node, judge),
        Some(Keyword::Stopsignal) => simple::stopsignal(node, judge),
        Some(Keyword::User) => simple::user(node, judge),
        Some(Keyword::Volume) => simple::volume(node, judge),
        Some(Keyword::Workdir) => simple::workdir(node, judge),
    }
}

fn unknown(node: &Node, judge: &mut Judge) -> Kind {
    let name = &node.keyword.text;
    let message = format!("unknown instruction: {name}");
    let names = Keyword::ALL.map(Keyword::as_str);
    judge.refuse(
        with_suggestion(message, name, names, false),
        node.keyword.span,
    );
    Kind::Invalid
}
