//! FROM.

use super::Judge;
use super::flags::{Takes, given};
use crate::dockerfile::ast::Word;
use crate::dockerfile::kind::{From, Kind};
use crate::dockerfile::node::Node;
use crate::dockerfile::quote::quote;

/// Always a FROM, however faulty, as it begins a stage.
pub(super) fn from(node: &Node, judge: &mut Judge) -> Kind {
    let (image, as_keyword, name) = match node.arguments.as_slice() {
        [image] => (image.clone(), None, None),
        [image, keyword, name] if keyword.text.eq_ignore_ascii_case("as") => {
            (image.clone(), Some(keyword.clone()), Some(name.clone()))
        }
        arguments => {
            let message = "FROM requires either one or three arguments";
            let span = match (arguments.get(1), arguments.last()) {
                (Some(first), Some(last)) => first.span.cover(last.span),
                _ => node.keyword.span,
            };
            judge.refuse(message, span);
            (arguments.first().cloned().unwrap_or_default(), None, None)
        }
    };
    if let Some(name) = name.as_ref().filter(|name| !is_stage_name(name)) {
        let quoted = quote(&name.text);
        let message = format!(
            "invalid name for build stage: {quoted}, \
             name can't start with a number or contain symbols"
        );
        judge.refuse(message, name.span);
    }
    let flags = given(node, &[("platform", Takes::One)], judge);
    Kind::From(From {
        image,
        platform: flags.one("platform"),
        as_keyword,
        name,
    })
}

/// `^[a-z][a-z0-9-_.]*$` in lower case.
fn is_stage_name(name: &Word) -> bool {
    let name = name.text.to_lowercase();
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'))
}
