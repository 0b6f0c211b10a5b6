//! Reads strings of HCL: quoted ones, heredocs, and the templates in both.
//!
//! Source: hashicorp/hcl, `hclsyntax/parser_template.go`.

use super::parse::{Parser, name_length};
use super::syntax::{Expression, ExpressionKind as Kind, Fault, Part, Range};
use super::value::Value;

/// Directives in each other at most.
const MAX_DIRECTIVES: usize = 30;

/// Where a template ends.
#[derive(Clone, Copy)]
enum Until<'a> {
    Quote,
    /// At a line that is this word alone.
    Marker(&'a str),
    /// With the text, as strings of JSON do.
    End,
}

/// What stands in a template before directives are put into each other.
enum Piece {
    Part(Part),
    Directive(Directive, Range),
}

enum Directive {
    If(Expression),
    Else,
    EndIf,
    For(Option<String>, String, Expression),
    EndFor,
}

/// A text without quotes, as JSON holds it.
pub(super) fn whole(file: usize, text: &str) -> Result<Expression, Fault> {
    let mut parser = Parser::new(file, text);
    let parts = parser.parts(Until::End, false)?;
    let range = Range {
        file,
        ..Range::default()
    };
    Ok(expression_of(parts, range, true))
}

impl Parser<'_> {
    /// A quoted string; its place is quotes and all.
    pub(super) fn template(&mut self) -> Result<Expression, Fault> {
        let start = self.at;
        self.bump();
        let parts = self.parts(Until::Quote, false)?;
        Ok(expression_of(parts, self.range(start), true))
    }

    /// A quoted string in which nothing is replaced, as labels are.
    pub(super) fn plain_string(&mut self) -> Result<(String, Range), Fault> {
        let start = self.at;
        let found = self.template()?;
        match found.kind {
            Kind::Literal(Value::Text(text)) => Ok((text, found.range)),
            _ => Err(Fault::new(
                "Invalid string literal",
                "Template sequences are not allowed in this string. To include a literal \"$\", \
                 double it (as \"$$\") to escape it.",
                self.range(start),
            )),
        }
    }

    /// `<<NAME` or `<<-NAME`, to the line that is the name alone.
    pub(super) fn heredoc(&mut self) -> Result<Expression, Fault> {
        let start = self.at;
        self.at += 2;
        let flush = self.eat("-");
        let length = name_length(self.rest());
        let marker = &self.text[self.at..self.at + length];
        self.at += length;
        self.eat("\r");
        if length == 0 || !self.eat("\n") {
            return Err(Fault::new(
                "Invalid expression",
                "Expected the start of an expression, but found an invalid expression token.",
                self.range(start),
            ));
        }
        let parts = self.parts(Until::Marker(marker), flush)?;
        Ok(expression_of(parts, self.range(start), false))
    }

    fn parts(&mut self, until: Until<'_>, flush: bool) -> Result<Vec<Part>, Fault> {
        let start = self.at;
        let pieces = self.deeper(false, |parser| parser.pieces(until, start))?;
        let pieces = if flush { flushed(pieces) } else { pieces };
        let mut pieces = pieces.into_iter();
        let (parts, end) = nested(&mut pieces, 0)?;
        match end {
            None => Ok(joined(parts)),
            Some((_, range)) => Err(Fault::new(
                "Unexpected directive",
                "The control directives within this template are unbalanced.",
                range,
            )),
        }
    }

    fn pieces(&mut self, until: Until<'_>, start: usize) -> Result<Vec<Piece>, Fault> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut trims = false;
        loop {
            if let Until::Marker(marker) = until
                && self.text[..self.at].ends_with('\n')
                && let line = self.rest().split('\n').next().unwrap_or_default()
                && line.trim() == marker
            {
                // The line's end is not part of the heredoc.
                self.at += line.trim_end().len();
                break;
            }
            let rest = self.rest();
            match self.peek() {
                None if matches!(until, Until::End) => break,
                None => return Err(unterminated(self.range(start))),
                Some('"') if matches!(until, Until::Quote) => {
                    self.bump();
                    break;
                }
                Some('\n') if matches!(until, Until::Quote) => {
                    return Err(Fault::new(
                        "Invalid multi-line string",
                        "Quoted strings may not be split over multiple lines. To produce a \
                         multi-line string, either use the \\n escape to represent a newline \
                         character or use the \"heredoc\" multi-line template syntax.",
                        self.here(),
                    ));
                }
                Some('\\') if matches!(until, Until::Quote) => text.push_str(&self.escape()?),
                _ if rest.starts_with("$${") || rest.starts_with("%%{") => {
                    text.push_str(&rest[1..3]);
                    self.at += 3;
                }
                _ if rest.starts_with("${") || rest.starts_with("%{") => {
                    trim_and_push(&mut pieces, &mut text, trims, self.strips());
                    let (piece, behind) = self.sequence()?;
                    pieces.push(piece);
                    trims = behind;
                }
                Some(c) => {
                    text.push(c);
                    self.bump();
                    if c == '\n' && matches!(until, Until::Marker(_)) {
                        trim_and_push(&mut pieces, &mut text, trims, false);
                        trims = false;
                    }
                }
            }
        }
        trim_and_push(&mut pieces, &mut text, trims, false);
        Ok(pieces)
    }

    /// Whether the sequence that begins here strips the space before it.
    fn strips(&self) -> bool {
        self.rest()[2..].starts_with('~')
    }

    /// `${…}` or `%{…}`, and whether it strips the space behind it.
    fn sequence(&mut self) -> Result<(Piece, bool), Fault> {
        let start = self.at;
        let is_directive = self.peek() == Some('%');
        self.at += if self.strips() { 3 } else { 2 };
        let piece = if is_directive {
            let directive = self.directive()?;
            Piece::Directive(directive, self.range(start))
        } else {
            Piece::Part(Part::Value(self.deeper(false, Self::expression)?))
        };
        self.lines();
        let trims = self.eat("~");
        if self.eat("}") {
            return Ok((piece, trims));
        }
        if self.peek().is_none() {
            return Err(Fault::new(
                "Unclosed template interpolation sequence",
                "There is no closing brace for this interpolation sequence before the end of the \
                 file. This might be caused by incorrect nesting inside the given expression.",
                self.range(start),
            ));
        }
        Err(Fault::new(
            "Extra characters after interpolation expression",
            "Expected a closing brace to end the interpolation expression, but found extra \
             characters.\n\nThis can happen when you include interpolation syntax for another \
             language, such as shell scripting, but forget to escape the interpolation start \
             token. If this is an embedded sequence for another language, escape it by starting \
             with \"$${\" instead of just \"${\".",
            self.next_token(),
        ))
    }

    fn directive(&mut self) -> Result<Directive, Fault> {
        self.lines();
        let Some((word, range)) = self.word() else {
            return Err(Fault::new(
                "Invalid template directive",
                "A template directive keyword (\"if\", \"for\", etc) is expected at the beginning \
                 of a %{ sequence.",
                self.next_token(),
            ));
        };
        match word.as_str() {
            "if" => Ok(Directive::If(self.deeper(false, Self::expression)?)),
            "else" => Ok(Directive::Else),
            "endif" => Ok(Directive::EndIf),
            "for" => {
                let (key, value, collection) = self.deeper(false, Self::for_header)?;
                Ok(Directive::For(key, value, collection))
            }
            "endfor" => Ok(Directive::EndFor),
            _ => Err(Fault::new(
                "Invalid template control keyword",
                format!("{word:?} is not a valid template control keyword."),
                range,
            )),
        }
    }

    fn escape(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.bump();
        let selector = self.peek();
        self.bump();
        let digits = match selector {
            Some('n') => return Ok("\n".to_owned()),
            Some('r') => return Ok("\r".to_owned()),
            Some('t') => return Ok("\t".to_owned()),
            Some(c @ ('"' | '\\')) => return Ok(c.to_string()),
            Some('u') => 4,
            Some('U') => 8,
            other => {
                let shown = other.map_or(String::new(), String::from);
                return Err(Fault::new(
                    "Invalid escape sequence",
                    format!("The symbol {shown:?} is not a valid escape sequence selector."),
                    self.range(start),
                ));
            }
        };
        let code = self.rest().get(..digits).unwrap_or_default();
        let number = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        let Some(c) = number else {
            let (name, count) = if digits == 4 {
                ("\\u", "four")
            } else {
                ("\\U", "eight")
            };
            return Err(Fault::new(
                "Invalid escape sequence",
                format!(
                    "The {name} escape sequence must be followed by {count} hexadecimal digits."
                ),
                self.range(start),
            ));
        };
        self.at += digits;
        Ok(c.to_string())
    }
}

fn trim_and_push(pieces: &mut Vec<Piece>, text: &mut String, behind: bool, before: bool) {
    let mut found = std::mem::take(text);
    if behind {
        let blank = found.len() - found.trim_start().len();
        found.drain(..blank);
    }
    if before {
        found.truncate(found.trim_end().len());
        while let (true, Some(Piece::Part(Part::Text(last)))) =
            (found.is_empty(), pieces.last_mut())
        {
            last.truncate(last.trim_end().len());
            if !last.is_empty() {
                break;
            }
            pieces.pop();
        }
    }
    if !found.is_empty() {
        pieces.push(Piece::Part(Part::Text(found)));
    }
}

/// Takes the least indentation off all lines; lines of space alone do not count.
fn flushed(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let mut least = usize::MAX;
    let mut starts = Vec::new();
    let mut at_start = true;
    for (n, piece) in pieces.iter().enumerate() {
        let text = match piece {
            Piece::Part(Part::Text(text)) => text.as_str(),
            _ => "",
        };
        let bare = text.trim_start();
        if at_start && !(bare.is_empty() && text.ends_with('\n')) {
            least = least.min(text[..text.len() - bare.len()].chars().count());
            starts.push(n);
        }
        at_start = text.ends_with('\n');
    }
    for n in starts {
        if let Some(Piece::Part(Part::Text(text))) = pieces.get_mut(n) {
            *text = text.chars().skip(least).collect();
        }
    }
    pieces
}

type End = Option<(Directive, Range)>;

/// Puts what stands between directives into them, to the one that ends this level.
fn nested(pieces: &mut std::vec::IntoIter<Piece>, depth: usize) -> Result<(Vec<Part>, End), Fault> {
    let mut parts = Vec::new();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Part(part) => parts.push(part),
            Piece::Directive(_, range) if depth >= MAX_DIRECTIVES => {
                return Err(Fault::new(
                    "Too much nesting",
                    "polyarch reads at most 30 directives in each other.",
                    range,
                ));
            }
            Piece::Directive(Directive::If(condition), range) => {
                let (then, mut end) = nested(pieces, depth + 1)?;
                let mut otherwise = Vec::new();
                if matches!(end, Some((Directive::Else, _))) {
                    (otherwise, end) = nested(pieces, depth + 1)?;
                }
                if !matches!(end, Some((Directive::EndIf, _))) {
                    return Err(unbalanced("if", range));
                }
                parts.push(Part::If {
                    condition,
                    then: joined(then),
                    otherwise: joined(otherwise),
                });
            }
            Piece::Directive(Directive::For(key_name, value_name, collection), range) => {
                let (body, end) = nested(pieces, depth + 1)?;
                if !matches!(end, Some((Directive::EndFor, _))) {
                    return Err(unbalanced("for", range));
                }
                parts.push(Part::For {
                    key_name,
                    value_name,
                    collection,
                    body: joined(body),
                });
            }
            Piece::Directive(end, range) => return Ok((parts, Some((end, range)))),
        }
    }
    Ok((parts, None))
}

fn unbalanced(directive: &str, range: Range) -> Fault {
    Fault::new(
        "Unexpected end of template",
        format!("The {directive} directive is missing its corresponding end{directive} directive."),
        range,
    )
}

fn unterminated(range: Range) -> Fault {
    Fault::new(
        "Unterminated template string",
        "No closing marker was found for the string.",
        range,
    )
}

/// Neighbouring texts become one.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        match (out.last_mut(), part) {
            (Some(Part::Text(last)), Part::Text(text)) => last.push_str(&text),
            (_, part) => out.push(part),
        }
    }
    out
}

fn expression_of(mut parts: Vec<Part>, range: Range, unwraps: bool) -> Expression {
    let kind = match (parts.len(), parts.pop()) {
        (0, _) => Kind::Literal(Value::text("")),
        (1, Some(Part::Text(text))) => Kind::Literal(Value::Text(text)),
        (1, Some(Part::Value(value))) if unwraps => Kind::Wrapped(Box::new(value)),
        (_, last) => {
            parts.extend(last);
            Kind::Template(parts)
        }
    };
    Expression { range, kind }
}
