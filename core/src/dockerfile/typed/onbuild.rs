//! ONBUILD.

use super::Judge;
use super::flags::given;
use crate::dockerfile::ast::Heredoc;
use crate::dockerfile::kind::{Kind, Onbuild};
use crate::dockerfile::node::Node;

pub(super) fn onbuild(node: &Node, heredocs: &[Heredoc], judge: &mut Judge) -> Kind {
    super::simple::at_least_one(node, judge, "ONBUILD");
    given(node, &[], judge);
    let Some(inner) = node.inner.as_deref() else {
        return Kind::Invalid;
    };
    let trigger = inner.keyword.text.to_uppercase();
    match trigger.as_str() {
        "ONBUILD" => {
            let message = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
            judge.refuse(message, inner.keyword.span);
        }
        "MAINTAINER" | "FROM" => {
            let message = format!("{trigger} isn't allowed as an ONBUILD trigger");
            judge.refuse(message, inner.keyword.span);
        }
        _ => {}
    }
    let span = inner.keyword.span;
    let span = inner
        .arguments
        .iter()
        .fold(span, |span, word| span.cover(word.span));
    let (instruction, _) = super::instruction(inner.clone(), heredocs.to_vec(), span);
    Kind::Onbuild(Onbuild {
        expression: expression(&node.original, heredocs),
        inner: Box::new(instruction),
    })
}

/// The instruction without `ONBUILD`, and its heredocs behind it. The end of a heredoc is its
/// name, and no line break follows it.
fn expression(original: &str, heredocs: &[Heredoc]) -> String {
    const SPACES: [char; 5] = [' ', '\t', '\n', '\r', '\u{c}'];
    let trimmed = original.trim_start_matches(SPACES);
    let rest = match trimmed.split_at_checked("ONBUILD".len()) {
        Some((word, rest)) if word.eq_ignore_ascii_case("ONBUILD") => {
            rest.trim_start_matches(SPACES)
        }
        _ => original,
    };
    let mut expression = rest.to_owned();
    for heredoc in heredocs {
        expression.push('\n');
        expression.push_str(&heredoc.content);
        expression.push_str(&heredoc.name);
    }
    expression
}
