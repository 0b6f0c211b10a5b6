//! From events to the tree, with bounds on depth and on what aliases unfold to.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{Kind, Mark, Node};
use crate::diagnostic::{LineIndex, Span};

/// Nesting beyond this is refused; no CI service accepts as much.
const MAX_DEPTH: usize = 60;
/// Nodes after aliases are unfolded.
const MAX_NODES: usize = 50_000;
/// Bytes of one file.
const MAX_BYTES: usize = 1 << 20;

/// Why a text is not YAML that a CI service takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    pub mark: Mark,
    pub message: String,
}

/// Reads the first document of a text; an empty text is null.
pub fn parse(file: usize, text: &str) -> Result<Node, ParseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = Builder::new(file, text);
    if text.len() > MAX_BYTES {
        return Err(builder.error_at(1, Span::default(), "the file is larger than 1 MiB"));
    }
    if let Some(error) = builder.tab_indentation() {
        return Err(error);
    }
    for event in Parser::new_from_str(text) {
        match event {
            Ok((Event::DocumentEnd, _)) if builder.root.is_some() => break,
            Ok((event, span)) => builder.event(event, span)?,
            Err(error) => {
                let marker = error.marker();
                let at = builder.offset(marker.index());
                let message = format!("the file is not YAML: {}", error.info());
                return Err(builder.error_at(marker.line(), Span::new(at, at), &message));
            }
        }
    }
    Ok(builder.finish())
}

struct Builder<'a> {
    file: usize,
    text: &'a str,
    lines: LineIndex,
    /// Byte offset of each character where the text is not ASCII.
    offsets: Vec<usize>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    nodes: usize,
    root: Option<Node>,
}

/// A list or mapping whose end has not come yet.
struct Open {
    anchor: usize,
    node: Node,
    key: Option<Node>,
}

impl<'a> Builder<'a> {
    fn new(file: usize, text: &'a str) -> Self {
        let offsets = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| at).collect()
        };
        Self {
            file,
            text,
            lines: LineIndex::new(text),
            offsets,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            nodes: 0,
            root: None,
        }
    }

    fn offset(&self, characters: usize) -> usize {
        let at = if self.offsets.is_empty() {
            characters
        } else {
            self.offsets.get(characters).copied().unwrap_or(usize::MAX)
        };
        at.min(self.text.len())
    }

    fn mark(&self, span: saphyr_parser::Span) -> Mark {
        let start = self.offset(span.start.index());
        let end = self.offset(span.end.index()).max(start);
        Mark {
            file: self.file,
            line: self.lines.line(start),
            span: Span { start, end },
        }
    }

    fn error_at(&self, line: usize, span: Span, message: &str) -> ParseError {
        ParseError {
            mark: Mark {
                file: self.file,
                line: line.clamp(1, self.lines.count()),
                span,
            },
            message: message.to_owned(),
        }
    }

    /// A tab in the indentation, which the parser would report at some later place.
    fn tab_indentation(&self) -> Option<ParseError> {
        let mut start = 0;
        let mut scalar_indent = None;
        for (number, line) in self.text.split('\n').enumerate() {
            let indent = line.len() - line.trim_start_matches(' ').len();
            if !line.trim().is_empty() && scalar_indent.is_some_and(|least| indent <= least) {
                scalar_indent = None;
            }
            let rest = &line[indent..];
            let content = rest.trim_start_matches(['\t', ' ']);
            let is_text = content.is_empty() || content.starts_with('#') || content == "\r";
            if scalar_indent.is_none() && rest.starts_with('\t') && !is_text && self.is_key(content)
            {
                let at = start + indent;
                let message = "the file is not YAML: a tab stands where spaces must indent";
                return Some(self.error_at(number + 1, Span::new(at, at + 1), message));
            }
            let trimmed = line.trim_end();
            if scalar_indent.is_none() && opens_block_scalar(trimmed) {
                scalar_indent = Some(indent);
            }
            start += line.len() + 1;
        }
        None
    }

    /// Whether a line looks like a mapping key or list item, not like text in a flow or quotes.
    #[expect(clippy::unused_self, reason = "reads as part of the check above")]
    fn is_key(&self, content: &str) -> bool {
        content.starts_with("- ")
            || content.split_once(':').is_some_and(|(key, _)| {
                key.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
            })
    }

    fn event(&mut self, event: Event<'_>, span: saphyr_parser::Span) -> Result<(), ParseError> {
        let mark = self.mark(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let node = Node {
                    mark,
                    tag: tag.map(|t| t.suffix.clone()),
                    kind: Kind::Scalar {
                        text: text.into_owned(),
                        plain: style == ScalarStyle::Plain,
                    },
                };
                self.complete(node, anchor)
            }
            Event::SequenceStart(anchor, tag) => self.start(
                mark,
                anchor,
                tag.map(|t| t.suffix.clone()),
                Kind::Sequence(Vec::new()),
            ),
            Event::MappingStart(anchor, tag) => self.start(
                mark,
                anchor,
                tag.map(|t| t.suffix.clone()),
                Kind::Mapping(Vec::new()),
            ),
            Event::SequenceEnd | Event::MappingEnd => self.end(mark),
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    let message = "an alias refers to something that contains it or does not exist";
                    return Err(self.error_at(mark.line, mark.span, message));
                };
                self.nodes += node.size();
                self.check_size(mark)?;
                self.complete(node, 0)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn check_size(&self, mark: Mark) -> Result<(), ParseError> {
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let message = "the aliases unfold to more than 50,000 values";
        Err(self.error_at(mark.line, mark.span, message))
    }

    fn start(
        &mut self,
        mark: Mark,
        anchor: usize,
        tag: Option<String>,
        kind: Kind,
    ) -> Result<(), ParseError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.error_at(mark.line, mark.span, "the file is nested too deep"));
        }
        self.open.push(Open {
            anchor,
            node: Node { mark, tag, kind },
            key: None,
        });
        Ok(())
    }

    fn end(&mut self, mark: Mark) -> Result<(), ParseError> {
        let Some(mut done) = self.open.pop() else {
            return Ok(());
        };
        done.node.mark.span.end = mark.span.end.max(done.node.mark.span.start);
        if let Kind::Mapping(entries) = &mut done.node.kind {
            *entries = merge(std::mem::take(entries));
        }
        self.complete(done.node, done.anchor)
    }

    fn complete(&mut self, node: Node, anchor: usize) -> Result<(), ParseError> {
        self.nodes += 1;
        self.check_size(node.mark)?;
        if anchor > 0 {
            self.nodes += node.size();
            self.anchors.insert(anchor, node.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return Ok(());
        };
        match &mut parent.node.kind {
            Kind::Sequence(items) => items.push(node),
            Kind::Mapping(entries) => match parent.key.take() {
                None => parent.key = Some(node),
                Some(key) => entries.push((key, node)),
            },
            Kind::Scalar { .. } => {}
        }
        Ok(())
    }

    fn finish(self) -> Node {
        let null = Mark {
            file: self.file,
            line: 1,
            span: Span::default(),
        };
        self.root.unwrap_or_else(|| Node {
            mark: null,
            tag: None,
            kind: Kind::Scalar {
                text: String::new(),
                plain: true,
            },
        })
    }
}

/// `key: |`, `- >-` and the like.
fn opens_block_scalar(line: &str) -> bool {
    let Some(last) = line.split(' ').next_back() else {
        return false;
    };
    let rest = last.strip_prefix(['|', '>']);
    rest.is_some_and(|r| r.len() <= 2 && r.bytes().all(|b| b"+-123456789".contains(&b)))
}

/// Resolves `<<`: what the mapping itself says wins over what is merged, and of several merged
/// mappings the first one in a list wins; of the same key twice the last one.
fn merge(entries: Vec<(Node, Node)>) -> Vec<(Node, Node)> {
    let mut own: Vec<(Node, Node)> = Vec::with_capacity(entries.len());
    let mut merged: Vec<(Node, Node)> = Vec::new();
    let mut index: BTreeMap<String, usize> = BTreeMap::new();
    for (key, value) in entries {
        let is_merge = matches!(&key.kind, Kind::Scalar { text, plain: true } if text == "<<");
        match (is_merge, value.kind) {
            (true, Kind::Mapping(inner)) => merged.extend(inner),
            (true, Kind::Sequence(items)) => {
                for item in items {
                    if let Kind::Mapping(inner) = item.kind {
                        merged.extend(inner);
                    }
                }
            }
            (true, Kind::Scalar { .. }) => {}
            (false, kind) => {
                let value = Node {
                    mark: value.mark,
                    tag: value.tag,
                    kind,
                };
                if let Some(at) = key.as_str().and_then(|k| index.get(k)).copied() {
                    own[at].1 = value;
                } else {
                    if let Some(name) = key.as_str() {
                        index.insert(name.to_owned(), own.len());
                    }
                    own.push((key, value));
                }
            }
        }
    }
    for (key, value) in merged {
        let name = key.as_str().unwrap_or_default().to_owned();
        if let std::collections::btree_map::Entry::Vacant(entry) = index.entry(name) {
            entry.insert(own.len());
            own.push((key, value));
        }
    }
    own
}
