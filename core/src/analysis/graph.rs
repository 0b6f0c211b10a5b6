//! The build graph laid out: a lane for what several platforms share, then one for each platform.
//!
//! Rows follow the Dockerfile, so that one instruction stands in one row on all platforms and every
//! edge goes down. Edges are drawn in the room between rows and lanes and never behind a step.
//! Coordinates are in pixels from the top left; drawing is the page's business.

use std::collections::{BTreeMap, BTreeSet};

use super::{Analysis, Runs, StepKind, StepView};

/// Size of a step, and the room around it.
pub const NODE: (usize, usize) = (176, 24);
pub const GAP: (usize, usize) = (32, 10);
/// Room above the first row of a stage, for its name.
pub const HEAD: usize = 26;

/// A laid-out graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    pub lanes: Vec<Lane>,
    pub stages: Vec<Band>,
    /// Width and height of it all.
    pub size: (usize, usize),
}

/// A step, once however many platforms share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// As the progress log names it on the first platform that has it.
    pub name: String,
    /// The platforms that have it, as columns.
    pub columns: Vec<usize>,
    pub kind: StepKind,
    pub runs: Option<Runs>,
    /// Line of the instruction, from 1; `None` for internal steps.
    pub line: Option<usize>,
    pub lane: usize,
    pub row: usize,
    /// Of its left upper corner.
    pub x: usize,
    pub y: usize,
}

/// From a step to one that reads what it gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Positions in [`Graph::nodes`].
    pub from: usize,
    pub to: usize,
    /// The corners of its line, both ends included; each piece is horizontal or vertical.
    pub points: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// The platform's column; `None` for what is shared.
    pub column: Option<usize>,
    pub x: usize,
}

/// The rows of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Empty for steps that stand in no stage.
    pub name: String,
    pub y: usize,
    pub height: usize,
}

/// Lays out the steps of all platforms; empty where none has any.
pub fn graph(analysis: &Analysis) -> Graph {
    let mut merged = merge(analysis);
    if merged.nodes.is_empty() {
        return Graph::default();
    }
    let lanes = lanes(analysis, &mut merged.nodes);
    let (bands, height) = place(analysis, &mut merged);
    let nodes = merged.nodes;
    let places: BTreeSet<_> = nodes.iter().map(|node| (node.lane, node.row)).collect();
    let edges = merged
        .edges
        .into_iter()
        .map(|(from, to)| Edge {
            from,
            to,
            points: route(&nodes, &places, from, to),
        })
        .collect();
    let width = lanes.len() * (NODE.0 + GAP.0) + GAP.0;
    Graph {
        nodes,
        edges,
        lanes,
        stages: bands,
        size: (width, height),
    }
}

/// Equal steps of all platforms made one, with their edges.
struct Merged {
    nodes: Vec<Node>,
    edges: BTreeSet<(usize, usize)>,
}

fn merge(analysis: &Analysis) -> Merged {
    let mut nodes: Vec<Node> = Vec::new();
    let mut positions: BTreeMap<usize, usize> = BTreeMap::new();
    let mut edges = BTreeSet::new();
    for (column, platform) in analysis.platforms.iter().enumerate() {
        for step in &platform.steps {
            let at = *positions.entry(step.id).or_insert_with(|| {
                nodes.push(node(step));
                nodes.len() - 1
            });
            if let Some(node) = nodes.get_mut(at)
                && node.columns.last() != Some(&column)
            {
                node.columns.push(column);
            }
            let inputs = step.inputs.iter();
            let inputs = inputs.filter_map(|input| platform.steps.get(*input));
            let inputs = inputs.filter_map(|input| positions.get(&input.id));
            edges.extend(
                inputs
                    .map(|from| (*from, at))
                    .filter(|(from, to)| from != to),
            );
        }
    }
    Merged { nodes, edges }
}

fn node(step: &StepView) -> Node {
    Node {
        name: step.name.clone(),
        columns: Vec::new(),
        kind: step.kind,
        runs: step.runs,
        line: step.line,
        lane: 0,
        row: 0,
        x: 0,
        y: 0,
    }
}

/// The shared lane first, where something is shared; then one for each platform.
fn lanes(analysis: &Analysis, nodes: &mut [Node]) -> Vec<Lane> {
    let shares = nodes.iter().any(|node| node.columns.len() > 1);
    let lane_of_all = shares.then_some(None);
    let columns = lane_of_all
        .into_iter()
        .chain((0..analysis.platforms.len()).map(Some));
    let lanes: Vec<Lane> = columns
        .enumerate()
        .map(|(at, column)| Lane {
            column,
            x: GAP.0 + at * (NODE.0 + GAP.0),
        })
        .collect();
    for node in nodes {
        node.lane = match node.columns.as_slice() {
            [only] => only + usize::from(shares),
            _ => 0,
        };
        node.x = lanes.get(node.lane).map_or(0, |lane| lane.x);
    }
    lanes
}

/// Gives every node its row and place, and every stage its band.
fn place(analysis: &Analysis, merged: &mut Merged) -> (Vec<Band>, usize) {
    let order = order(merged);
    let mut by_row: BTreeMap<(usize, usize, usize), Vec<usize>> = BTreeMap::new();
    let mut taken: BTreeMap<(usize, usize, usize), usize> = BTreeMap::new();
    for (at, key) in order.iter().enumerate() {
        let Some(node) = merged.nodes.get(at) else {
            continue;
        };
        // Steps of one instruction that stand in one lane stand under each other.
        let slot = taken.entry((key.0, key.1, node.lane)).or_default();
        by_row.entry((key.0, key.1, *slot)).or_default().push(at);
        *slot += 1;
    }
    let stage_of = |line: usize| {
        let mut stages = analysis.stages.iter();
        stages.position(|stage| stage.rows.iter().any(|row| row.line == line))
    };
    let (mut bands, mut y): (Vec<Band>, usize) = (Vec::new(), 0);
    let mut last = None;
    for (row, ((line, ..), members)) in by_row.into_iter().enumerate() {
        let stage = stage_of(line);
        if bands.is_empty() || stage != last {
            let name = stage.and_then(|at| analysis.stages.get(at));
            bands.push(Band {
                name: name.map(|stage| stage.name.clone()).unwrap_or_default(),
                y,
                height: 0,
            });
            y += HEAD;
        }
        last = stage;
        for at in members {
            if let Some(node) = merged.nodes.get_mut(at) {
                (node.row, node.y) = (row, y);
            }
        }
        y += NODE.1 + GAP.1;
        if let Some(band) = bands.last_mut() {
            band.height = y - band.y;
        }
    }
    (bands, y)
}

/// Line of each node and its depth there. A step without a line stands where it is first read, and
/// before what reads it.
fn order(merged: &Merged) -> Vec<(usize, usize)> {
    let mut lines: Vec<usize> = merged
        .nodes
        .iter()
        .map(|node| node.line.unwrap_or(usize::MAX))
        .collect();
    // Inputs come before their readers, so that one walk from the end settles all.
    for (from, to) in merged.edges.iter().rev() {
        let of_reader = lines.get(*to).copied().unwrap_or(usize::MAX);
        if let Some(line) = lines.get_mut(*from) {
            *line = (*line).min(of_reader);
        }
    }
    let mut depths: Vec<usize> = vec![0; lines.len()];
    let mut by_reader: Vec<_> = merged.edges.iter().map(|(from, to)| (*to, *from)).collect();
    by_reader.sort_unstable();
    for (to, from) in by_reader {
        let below = depths.get(from).map_or(0, |depth| depth + 1);
        if lines.get(from) == lines.get(to)
            && let Some(depth) = depths.get_mut(to)
        {
            *depth = (*depth).max(below);
        }
    }
    lines.into_iter().zip(depths).collect()
}

/// Straight down where nothing is between; else down into the room below the step, along it to the
/// room left of the reader's lane, down, and into the reader's side.
fn route(
    nodes: &[Node],
    places: &BTreeSet<(usize, usize)>,
    from: usize,
    to: usize,
) -> Vec<(usize, usize)> {
    let (Some(a), Some(b)) = (nodes.get(from), nodes.get(to)) else {
        return Vec::new();
    };
    let center = a.x + NODE.0 / 2;
    let below = a.y + NODE.1;
    let mut between = places.range((a.lane, a.row + 1)..(a.lane, b.row.max(a.row + 1)));
    if a.lane == b.lane && between.next().is_none() {
        return vec![(center, below), (center, b.y)];
    }
    let gutter = b.x - GAP.0 / 2;
    let middle = b.y + NODE.1 / 2;
    vec![
        (center, below),
        (center, below + GAP.1 / 2),
        (gutter, below + GAP.1 / 2),
        (gutter, middle),
        (b.x, middle),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::{Project, Settings, analyse};
    use super::*;

    const FIVE: &str = "FROM --platform=$BUILDPLATFORM node:22 AS web\n\
        WORKDIR /web\nCOPY web .\nRUN npm ci\nRUN npm run build\n\
        FROM --platform=$BUILDPLATFORM golang:1.26 AS deps\nWORKDIR /src\nCOPY go.mod .\n\
        RUN go mod download\nFROM deps AS build\nCOPY . .\nARG TARGETARCH\n\
        RUN GOARCH=$TARGETARCH go build -o /app\nFROM alpine:3.22 AS base\n\
        RUN apk add tini\nFROM base\nCOPY --from=web /web/dist /srv\n\
        COPY --from=build /app /app\nENTRYPOINT [\"/app\"]\n";

    fn five_by_four() -> Graph {
        graph(&analyse(&Project {
            dockerfile: FIVE.to_owned(),
            settings: Settings {
                platforms: [
                    "linux/amd64",
                    "linux/arm64",
                    "linux/arm/v7",
                    "linux/riscv64",
                ]
                .map(str::to_owned)
                .to_vec(),
                ..Settings::default()
            },
            ..Project::default()
        }))
    }

    #[test]
    fn shared_steps_stand_once_in_the_first_lane() {
        let graph = five_by_four();
        assert_eq!(graph.lanes.len(), 5);
        let npm: Vec<_> = graph
            .nodes
            .iter()
            .filter(|n| n.name.ends_with("npm ci"))
            .collect();
        assert_eq!(npm.len(), 1);
        assert_eq!(
            (npm[0].lane, npm[0].columns.as_slice()),
            (0, &[0, 1, 2, 3][..])
        );
        let go = graph.nodes.iter().filter(|n| n.name.contains("go build"));
        let places: Vec<_> = go.map(|node| (node.lane, node.y)).collect();
        assert_eq!(places.len(), 4);
        assert!(places.iter().all(|(_, y)| *y == places[0].1), "{places:?}");
        let names: Vec<_> = graph.stages.iter().map(|band| band.name.as_str()).collect();
        assert_eq!(names, ["web", "deps", "build", "base", "stage-4"]);
    }

    #[test]
    fn no_step_covers_another_and_every_edge_goes_down() {
        let graph = five_by_four();
        let places: BTreeSet<_> = graph.nodes.iter().map(|n| (n.x, n.y)).collect();
        assert_eq!(places.len(), graph.nodes.len());
        for edge in &graph.edges {
            let (from, to) = (&graph.nodes[edge.from], &graph.nodes[edge.to]);
            assert!(from.y < to.y, "{} -> {}", from.name, to.name);
        }
        assert!(graph.edges.len() >= graph.nodes.len() - 6);
    }

    #[test]
    fn no_edge_runs_through_a_step() {
        let graph = five_by_four();
        for edge in &graph.edges {
            for piece in edge.points.windows(2) {
                let ((x1, y1), (x2, y2)) = (piece[0], piece[1]);
                assert!(x1 == x2 || y1 == y2, "{edge:?}");
                let (left, right) = (x1.min(x2), x1.max(x2));
                let (top, bottom) = (y1.min(y2), y1.max(y2));
                for node in &graph.nodes {
                    let inside = right > node.x
                        && left < node.x + NODE.0
                        && bottom > node.y
                        && top < node.y + NODE.1;
                    assert!(!inside, "{} is crossed by {edge:?}", node.name);
                }
            }
        }
    }

    #[test]
    fn a_build_that_fails_everywhere_has_no_graph() {
        let project = Project {
            dockerfile: "FRM x\n".to_owned(),
            ..Project::default()
        };
        assert_eq!(graph(&analyse(&project)), Graph::default());
    }
}
