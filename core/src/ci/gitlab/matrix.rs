//! `parallel`: each leg of a matrix is a job of its own.

use super::extends::refusal;
use super::model::{Job, Refusal};
use crate::ci::yaml::Node;

const MAX_LEGS: usize = 200;

/// The job itself, or its legs in GitLab's order.
pub(super) fn legs(job: Job, node: &Node) -> Result<Vec<Job>, Refusal> {
    let Some(parallel) = node.get("parallel") else {
        return Ok(vec![job]);
    };
    if let Some(count) = parallel.as_str().and_then(|c| c.parse::<usize>().ok()) {
        let count = count.clamp(1, MAX_LEGS);
        return Ok((1..=count).map(|n| numbered(&job, n, count)).collect());
    }
    let mut all = Vec::new();
    for group in parallel
        .get("matrix")
        .and_then(Node::as_sequence)
        .unwrap_or_default()
    {
        let mut combinations: Vec<Vec<(String, String)>> = vec![Vec::new()];
        for (key, values) in group.as_mapping().unwrap_or_default() {
            let name = key.as_str().unwrap_or_default();
            let values = values.texts();
            combinations = combinations
                .iter()
                .flat_map(|c| {
                    values.iter().map(|v| {
                        let mut next = c.clone();
                        next.push((name.to_owned(), (*v).to_owned()));
                        next
                    })
                })
                .take(MAX_LEGS)
                .collect();
        }
        all.extend(combinations);
    }
    if all.is_empty() {
        return Err(refusal(
            parallel.mark,
            format!(
                "jobs:{}:parallel should be an integer or a matrix",
                job.name
            ),
        ));
    }
    all.truncate(MAX_LEGS);
    Ok(all.into_iter().map(|leg| with_leg(&job, leg)).collect())
}

fn numbered(job: &Job, number: usize, count: usize) -> Job {
    let mut leg = job.clone();
    leg.name = format!("{} {number}/{count}", job.base);
    leg.variables
        .push(("CI_NODE_INDEX".to_owned(), number.to_string()));
    leg.variables
        .push(("CI_NODE_TOTAL".to_owned(), count.to_string()));
    leg
}

fn with_leg(job: &Job, values: Vec<(String, String)>) -> Job {
    let shown: Vec<&str> = values.iter().map(|(_, v)| v.as_str()).collect();
    let mut leg = job.clone();
    leg.name = format!("{}: [{}]", job.base, shown.join(", "));
    leg.variables.extend(values);
    leg
}
