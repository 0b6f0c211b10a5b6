//! The graph of steps. A vertex is what one instruction asks for; vertices of equal content are
//! one step, within a platform and across platforms, as BuildKit's content-addressed vertices are.
//!
//! Nothing here knows instructions: callers describe a vertex by its content and its inputs.

use std::collections::BTreeMap;

use crate::platform::Platform;

use super::env::EnvTable;
use super::outcome::{Step, StepKind};

/// Position of a vertex within its platform's graph.
pub(super) type VertexId = usize;

/// What all platforms of a build share: the numbers of equal contents, and the names that the
/// first platform gave.
#[derive(Debug, Default)]
pub(super) struct Shared {
    steps: BTreeMap<Vec<u8>, usize>,
    names: BTreeMap<usize, String>,
    pub(super) envs: EnvTable,
}

/// One platform's vertices.
#[derive(Debug, Default)]
pub(super) struct Graph {
    vertices: Vec<Vertex>,
    /// Paths of the build context that are read; known only when all stages are converted.
    pub(super) context_paths: Vec<String>,
}

/// What an instruction asks for.
#[derive(Debug)]
pub(super) struct Vertex {
    pub(super) kind: StepKind,
    pub(super) name: String,
    pub(super) platform: Option<Platform>,
    /// All that distinguishes it, inputs apart.
    pub(super) content: Content,
    /// Inputs in the order in which the graph is walked.
    pub(super) inputs: Vec<VertexId>,
    /// Inputs in the order in which `content` refers to them.
    pub(super) links: Vec<VertexId>,
    pub(super) instruction: Option<usize>,
    /// It has an entry of its own in the log.
    pub(super) listed: bool,
    /// It is part of a progress group, whose name each platform gives anew.
    pub(super) grouped: bool,
    /// BuildKit refuses it when it writes the graph.
    pub(super) fault: Option<&'static str>,
}

/// A growing description whose parts cannot run into each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Content {
    bytes: Vec<u8>,
    reads_context_paths: bool,
}

/// A platform's graph as steps.
#[derive(Debug, Default)]
pub(super) struct Marshalled {
    pub(super) steps: Vec<Step>,
    /// Position of each vertex's step, where it is part of the graph and has one.
    pub(super) positions: Vec<Option<usize>>,
}

impl Content {
    pub(super) fn new(kind: &str) -> Self {
        let mut content = Self {
            bytes: Vec::with_capacity(256),
            reads_context_paths: false,
        };
        content.text(kind);
        content
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.number(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    pub(super) fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a String>) -> &mut Self {
        // The count stands before the texts, and is known only behind them.
        let at = self.bytes.len();
        self.number(0);
        let mut count: usize = 0;
        for text in texts {
            self.text(text);
            count += 1;
        }
        if let Some(place) = self.bytes.get_mut(at..at + size_of::<usize>()) {
            place.copy_from_slice(&count.to_be_bytes());
        }
        self
    }

    pub(super) fn number(&mut self, number: usize) -> &mut Self {
        self.bytes.extend_from_slice(&number.to_be_bytes());
        self
    }

    pub(super) fn option(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            None => self.number(0),
            Some(text) => self.number(1).text(text),
        }
    }

    pub(super) fn flag(&mut self, flag: bool) -> &mut Self {
        self.bytes.push(u8::from(flag));
        self
    }

    pub(super) fn append(&mut self, other: &Self) -> &mut Self {
        self.number(other.bytes.len());
        self.bytes.extend_from_slice(&other.bytes);
        self
    }

    pub(super) fn platform(&mut self, platform: &Platform) -> &mut Self {
        for part in [
            &platform.os,
            &platform.architecture,
            &platform.variant,
            &platform.os_version,
        ] {
            self.text(part);
        }
        self.texts(&platform.os_features)
    }

    /// The paths that the build reads from its context are part of it.
    pub(super) fn context_paths(&mut self) -> &mut Self {
        self.reads_context_paths = true;
        self
    }
}

impl Graph {
    pub(super) fn add(&mut self, vertex: Vertex) -> VertexId {
        self.vertices.push(vertex);
        self.vertices.len() - 1
    }

    /// Writes the graph below `root` in BuildKit's order: a depth-first walk, inputs first. Of
    /// vertices with equal content the last one reached gives the step its name.
    pub(super) fn marshal(
        &self,
        root: Option<VertexId>,
        shared: &mut Shared,
    ) -> Result<Marshalled, &'static str> {
        let mut walk = Walk {
            graph: self,
            shared,
            ids: vec![None; self.vertices.len()],
            names: BTreeMap::new(),
            order: Vec::new(),
            places: BTreeMap::new(),
        };
        walk.run(root)?;
        Ok(walk.finish())
    }
}

struct Walk<'a> {
    graph: &'a Graph,
    shared: &'a mut Shared,
    /// The step number of each vertex that was reached.
    ids: Vec<Option<usize>>,
    names: BTreeMap<usize, VertexId>,
    order: Vec<VertexId>,
    /// Position in `order` of each step number.
    places: BTreeMap<usize, usize>,
}

impl Walk<'_> {
    fn run(&mut self, root: Option<VertexId>) -> Result<(), &'static str> {
        let mut entered = vec![false; self.ids.len()];
        let mut stack: Vec<(VertexId, usize)> = root.into_iter().map(|root| (root, 0)).collect();
        while let Some((id, next)) = stack.pop() {
            let Some(vertex) = self.graph.vertices.get(id) else {
                continue;
            };
            if next == 0 && std::mem::replace(&mut entered[id], true) {
                continue;
            }
            match vertex.inputs.get(next) {
                Some(&input) => {
                    stack.push((id, next + 1));
                    stack.push((input, 0));
                }
                None => self.leave(id, vertex)?,
            }
        }
        Ok(())
    }

    fn leave(&mut self, id: VertexId, vertex: &Vertex) -> Result<(), &'static str> {
        if let Some(fault) = vertex.fault {
            return Err(fault);
        }
        let mut content = vertex.content.clone();
        if content.reads_context_paths {
            content.texts(&self.graph.context_paths);
        }
        for link in &vertex.links {
            content.number(self.ids.get(*link).copied().flatten().unwrap_or(0));
        }
        let next = self.shared.steps.len() + 1;
        let step = *self.shared.steps.entry(content.bytes).or_insert(next);
        self.ids[id] = Some(step);
        self.names.insert(step, id);
        if !self.places.contains_key(&step) {
            self.places.insert(step, self.order.len());
            self.order.push(id);
        }
        Ok(())
    }

    fn finish(self) -> Marshalled {
        let vertex = |id: VertexId| self.graph.vertices.get(id);
        // Positions among the listed steps; an unlisted one stands for its last input's.
        let mut listed: Vec<Option<usize>> = Vec::with_capacity(self.order.len());
        let mut count = 0;
        let place = |id: VertexId| {
            let step = self.ids.get(id).copied().flatten()?;
            self.places.get(&step).copied()
        };
        for &id in &self.order {
            let Some(vertex) = vertex(id) else {
                listed.push(None);
                continue;
            };
            if vertex.listed {
                listed.push(Some(count));
                count += 1;
            } else {
                let last = vertex.links.last().and_then(|link| place(*link));
                listed.push(last.and_then(|place| listed.get(place).copied().flatten()));
            }
        }
        let position = |id: VertexId| listed.get(place(id)?).copied().flatten();
        let mut steps = Vec::with_capacity(count);
        for &id in &self.order {
            let (Some(vertex), Some(step)) = (vertex(id), self.ids.get(id).copied().flatten())
            else {
                continue;
            };
            if !vertex.listed {
                continue;
            }
            let last = self
                .names
                .get(&step)
                .and_then(|id| self.graph.vertices.get(*id));
            let name = last.map_or("", |last| last.name.as_str());
            let name = if vertex.grouped {
                name
            } else {
                let given = &mut self.shared.names;
                given.entry(step).or_insert_with(|| name.to_owned())
            };
            steps.push(Step {
                id: step,
                name: name.to_owned(),
                kind: vertex.kind,
                platform: vertex.platform.clone(),
                inputs: vertex
                    .links
                    .iter()
                    .filter_map(|link| position(*link))
                    .collect(),
                instruction: vertex.instruction,
                shared: false,
            });
        }
        let positions = (0..self.ids.len()).map(position).collect();
        Marshalled { steps, positions }
    }
}
