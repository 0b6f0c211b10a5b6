//! The `action.yml` of an action that lies in the repository itself.

use super::model::{Refusal, Step};
use super::read::{pairs, refusal, step};
use crate::ci::yaml::{self, Node};

/// A local action.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Action {
    /// Names with their defaults; empty where there is none.
    pub inputs: Vec<(String, String)>,
    /// Names with the expressions of their values.
    pub outputs: Vec<(String, String)>,
    /// Of a composite action; `None` for one in JavaScript or of a container.
    pub steps: Option<Vec<Step>>,
}

/// Reads an action.
pub fn read_action(text: &str) -> Result<Action, Refusal> {
    let root = yaml::parse(0, text).map_err(|e| refusal(e.mark, e.message))?;
    let named = |key: &str, field: &str| -> Vec<(String, String)> {
        let entries = root.get(key).and_then(Node::as_mapping).unwrap_or_default();
        let of = |node: &Node| {
            let fields = pairs(Some(node)).into_iter();
            fields
                .filter(|(name, _)| name == field)
                .map(|(_, v)| v)
                .next()
        };
        let named = entries.iter().filter_map(|(k, v)| {
            let name = k.as_str()?.to_owned();
            Some((name, of(v).unwrap_or_default()))
        });
        named.collect()
    };
    let runs = root.get("runs");
    let using = runs.and_then(|r| r.get("using")).and_then(Node::as_str);
    let steps = runs
        .and_then(|r| r.get("steps"))
        .and_then(Node::as_sequence);
    let steps = match (using, steps) {
        (Some("composite"), Some(steps)) => Some(steps.iter().map(step).collect::<Result<_, _>>()?),
        _ => None,
    };
    Ok(Action {
        inputs: named("inputs", "default"),
        outputs: named("outputs", "value"),
        steps,
    })
}
