//! HCL as a tree: bodies, blocks and expressions, each with its place.
//!
//! Source: the HCL native syntax specification of hashicorp/hcl. What names mean is not known here.

use super::value::Value;

/// A stretch of a file, in bytes of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Range {
    /// Position in the list of files.
    pub file: usize,
    pub start: usize,
    pub end: usize,
}

/// What is wrong, as HCL words it: `file:line,column: summary; detail`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub summary: String,
    pub detail: String,
    pub range: Option<Range>,
}

/// Arguments and blocks, in the order of the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Body {
    pub attributes: Vec<Attribute>,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub name: String,
    /// The name alone.
    pub name_range: Range,
    /// Name and value.
    pub range: Range,
    pub value: Expression,
}

#[derive(Debug, Clone)]
pub(super) struct Block {
    pub kind: String,
    pub labels: Vec<(String, Range)>,
    /// Kind and labels.
    pub range: Range,
    /// The brace.
    pub open: Range,
    /// Whether brace and argument stand on one line.
    pub single_line: bool,
    pub body: Body,
}

#[derive(Debug, Clone)]
pub(super) struct Expression {
    pub range: Range,
    pub kind: ExpressionKind,
}

#[derive(Debug, Clone)]
pub(super) enum ExpressionKind {
    Literal(Value),
    Template(Vec<Part>),
    Variable(String),
    Attribute(Box<Expression>, String),
    Index(Box<Expression>, Box<Expression>),
    /// `base[*].a.b` and `base.*.a.b`: what follows is done to each element.
    Splat(Box<Expression>, Vec<Step>),
    Call {
        name: String,
        arguments: Vec<Expression>,
        /// Whether the last argument is a list of arguments, as `...` says.
        spread: bool,
    },
    Not(Box<Expression>),
    Negate(Box<Expression>),
    Binary(&'static str, Box<Expression>, Box<Expression>),
    Conditional(Box<[Expression; 3]>),
    List(Vec<Expression>),
    Map(Vec<(Expression, Expression)>),
    For(Box<For>),
    /// `"${value}"` keeps the value's type; so does `(value)`.
    Wrapped(Box<Expression>),
}

/// One step behind a splat.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Attribute(String),
    Index(Expression),
}

/// `[for k, v in collection : value if condition]`, or with `key => value` in braces.
#[derive(Debug, Clone)]
pub(super) struct For {
    pub key_name: Option<String>,
    pub value_name: String,
    pub collection: Expression,
    /// `None` where a list is made.
    pub key: Option<Expression>,
    pub value: Expression,
    pub condition: Option<Expression>,
    /// `...` behind the value: values of equal keys are collected.
    pub grouped: bool,
}

/// A piece of a template.
#[derive(Debug, Clone)]
pub(super) enum Part {
    Text(String),
    Value(Expression),
    If {
        condition: Expression,
        then: Vec<Part>,
        otherwise: Vec<Part>,
    },
    For {
        key_name: Option<String>,
        value_name: String,
        collection: Expression,
        body: Vec<Part>,
    },
}

impl Fault {
    pub(super) fn new(summary: &str, detail: impl Into<String>, range: Range) -> Self {
        Self {
            summary: summary.to_owned(),
            detail: detail.into(),
            range: Some(range),
        }
    }
}

impl Block {
    /// Where HCL says that something is missing: the brace, or on one line the argument.
    pub(super) fn inside(&self) -> Range {
        let at = match self.body.attributes.as_slice() {
            [only] if self.single_line => only.name_range.start,
            _ => self.open.start,
        };
        Range {
            start: at,
            end: at,
            ..self.open
        }
    }
}

impl Body {
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|found| found.name == name)
    }
}

impl Expression {
    /// Where HCL says that it begins: the name of a call, the bracket of a list, the text of a
    /// string without its quote.
    pub(super) fn first(&self, text: &str) -> Range {
        let at = self.range;
        let bytes = text.as_bytes();
        let opens = bytes.get(at.start).copied().unwrap_or_default();
        let end = match (&self.kind, opens) {
            (ExpressionKind::Literal(_), b'"') if at.end > at.start + 2 => {
                return Range {
                    start: at.start + 1,
                    end: at.end - 1,
                    ..at
                };
            }
            (ExpressionKind::List(_) | ExpressionKind::Map(_) | ExpressionKind::For(_), _) => {
                at.start + 1
            }
            (ExpressionKind::Call { name, .. }, _) => at.start + name.len(),
            _ => at.end,
        };
        Range { end, ..at }
    }
}

impl Range {
    /// What comes behind the other, to this one's end.
    pub(super) fn behind(self, other: Self) -> Self {
        Self {
            start: other.end,
            ..self
        }
    }

    /// From the beginning of this to the end of the other.
    pub(super) fn to(self, other: Self) -> Self {
        Self {
            end: other.end,
            ..self
        }
    }
}
