//! `extends` and `!reference`.

use super::include::merge;
use super::model::Refusal;
use crate::ci::yaml::{Kind, Mark, Node};

/// GitLab's own limits are 11 levels of `extends` and 10 of `!reference`.
const MAX_LEVELS: usize = 11;
const MAX_NODES: usize = 50_000;

/// The job with all that it extends merged beneath it.
pub(super) fn extended(
    root: &Node,
    name: &str,
    job: &Node,
    chain: &mut Vec<String>,
) -> Result<Node, Refusal> {
    let Some(extends) = job.get("extends") else {
        return Ok(job.clone());
    };
    if chain.iter().any(|n| n == name) {
        return Err(refusal(
            extends.mark,
            format!("{name}: circular dependency detected in `extends`"),
        ));
    }
    if chain.len() >= MAX_LEVELS {
        return Err(refusal(
            extends.mark,
            format!("{name}: nesting too deep in `extends`"),
        ));
    }
    chain.push(name.to_owned());
    let mut base: Option<Node> = None;
    for parent in extends.texts() {
        let found = root.get(parent).filter(|n| n.as_mapping().is_some());
        let Some(found) = found else {
            return Err(refusal(
                extends.mark,
                format!("{name}: unknown keys in `extends` ({parent})"),
            ));
        };
        let parent = extended(root, parent, found, chain)?;
        base = Some(match base {
            Some(base) => merge(&base, &parent),
            None => parent,
        });
    }
    chain.pop();
    let own = without(job, "extends");
    Ok(match base {
        Some(base) => {
            let mut merged = merge(&without(&base, "extends"), &own);
            merged.mark = job.mark;
            merged
        }
        None => own,
    })
}

fn without(node: &Node, key: &str) -> Node {
    let Kind::Mapping(entries) = &node.kind else {
        return node.clone();
    };
    Node {
        kind: Kind::Mapping(
            entries
                .iter()
                .filter(|(k, _)| k.as_str() != Some(key))
                .cloned()
                .collect(),
        ),
        ..node.clone()
    }
}

/// Puts what `!reference [job, key, …]` names in its place.
pub(super) fn dereferenced(
    root: &Node,
    node: &Node,
    depth: usize,
    budget: &mut usize,
) -> Result<Node, Refusal> {
    if depth > 40 || *budget == 0 {
        return Err(refusal(
            node.mark,
            "`!reference` is nested too deep or refers to itself".to_owned(),
        ));
    }
    *budget -= 1;
    if node.tag.as_deref() == Some("reference") {
        let path = node.texts();
        let mut found = root;
        for key in &path {
            let Some(next) = found.get(key) else {
                let shown = path
                    .iter()
                    .map(|p| format!("{p:?}"))
                    .collect::<Vec<_>>()
                    .join(", ");
                return Err(refusal(
                    node.mark,
                    format!("!reference [{shown}] could not be found"),
                ));
            };
            found = next;
        }
        return dereferenced(root, found, depth + 4, budget);
    }
    Ok(match &node.kind {
        Kind::Scalar { .. } => node.clone(),
        Kind::Sequence(items) => Node {
            kind: Kind::Sequence(
                items
                    .iter()
                    .map(|i| dereferenced(root, i, depth + 1, budget))
                    .collect::<Result<_, _>>()?,
            ),
            ..node.clone()
        },
        Kind::Mapping(entries) => Node {
            kind: Kind::Mapping(
                entries
                    .iter()
                    .map(|(k, v)| Ok((k.clone(), dereferenced(root, v, depth + 1, budget)?)))
                    .collect::<Result<_, Refusal>>()?,
            ),
            ..node.clone()
        },
    })
}

pub(super) fn budget() -> usize {
    MAX_NODES
}

pub(super) fn refusal(mark: Mark, message: String) -> Refusal {
    Refusal {
        mark,
        file: None,
        message,
    }
}
