//! Regular expressions of RE2 with captures: `regex`, `regexall`, `regex_replace`.
//!
//! Source: RE2's syntax, leftmost match, first alternative first. Each instruction is tried once at
//! each place, so that no pattern takes longer than its length times the text's. Character classes
//! by Unicode name and flags other than `(?i)` are not modelled.

use std::collections::BTreeMap;

use super::{Entry, Failure, text};
use crate::ci::bake::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    Entry("regex", "pattern:s string:s", |a| {
        let pattern = Pattern::read(text(&a[0]))?;
        let characters: Vec<char> = text(&a[1]).chars().collect();
        let found = pattern.find(&characters, 0);
        found
            .map(|found| pattern.value(&characters, &found))
            .ok_or_else(|| {
                let why = "pattern did not match any part of the given string";
                Failure::Call(why.to_owned())
            })
    }),
    Entry("regexall", "pattern:s string:s", |a| {
        let pattern = Pattern::read(text(&a[0]))?;
        let characters: Vec<char> = text(&a[1]).chars().collect();
        let all = pattern.all(&characters)?;
        Ok(Value::List(
            all.iter()
                .map(|found| pattern.value(&characters, found))
                .collect(),
        ))
    }),
    Entry("regex_replace", "str:s pattern:s replace:s", |a| {
        let pattern = Pattern::read(text(&a[1]))?;
        let characters: Vec<char> = text(&a[0]).chars().collect();
        let mut out = String::new();
        let mut at = 0;
        for found in pattern.all(&characters)? {
            let (start, end) = found[0].unwrap_or_default();
            out.extend(&characters[at..start]);
            pattern.expand(text(&a[2]), &characters, &found, &mut out);
            at = end;
        }
        out.extend(&characters[at..]);
        Ok(Value::Text(out))
    }),
];

/// Instructions of a pattern, characters of a text, and tries in all.
const MAX_INSTRUCTIONS: usize = 2_000;
const MAX_TRIES: usize = 2_000_000;
const MAX_DEPTH: usize = 40;

enum Instruction {
    One(Class),
    /// Goes on at the first, then at the second.
    Split(usize, usize),
    Jump(usize),
    Save(usize),
    Start,
    End,
    Boundary(bool),
    Match,
}

#[derive(Clone)]
struct Class {
    negated: bool,
    ranges: Vec<(char, char)>,
}

/// Start and end of the whole and of each group.
type Found = Vec<Option<(usize, usize)>>;

struct Pattern {
    program: Vec<Instruction>,
    /// Of the groups, from the first.
    names: Vec<Option<String>>,
    ignores_case: bool,
}

impl Pattern {
    fn read(text: &str) -> Result<Self, Failure> {
        let (ignores_case, body) = match text.strip_prefix("(?i)") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let mut reader = Reader {
            characters: body.chars().collect(),
            at: 0,
            depth: 0,
            program: Vec::new(),
            names: Vec::new(),
        };
        let read = reader.alternatives();
        if read.is_none() || reader.at < reader.characters.len() {
            return Err(Failure::Unknown(format!(
                "the pattern {text:?} is not modelled"
            )));
        }
        reader.program.push(Instruction::Match);
        Ok(Self {
            program: reader.program,
            names: reader.names,
            ignores_case,
        })
    }

    fn all(&self, text: &[char]) -> Result<Vec<Found>, Failure> {
        let mut all = Vec::new();
        let mut at = 0;
        let mut tries = 0;
        while at <= text.len() {
            tries += (text.len() - at + 1) * self.program.len();
            if tries > MAX_TRIES * 10 {
                return Err(Failure::Unknown(
                    "a pattern on so long a text is not modelled".to_owned(),
                ));
            }
            let Some(found) = self.find(text, at) else {
                break;
            };
            let (start, end) = found[0].unwrap_or_default();
            // Nothing is not found right behind something.
            let is_new = end > start
                || all
                    .last()
                    .and_then(|last: &Found| last[0])
                    .is_none_or(|(_, before)| before < start || before == 0 && start == 0);
            if is_new {
                all.push(found);
            }
            at = if end > start { end } else { end + 1 };
        }
        Ok(all)
    }

    /// The first match from a place on.
    fn find(&self, text: &[char], from: usize) -> Option<Found> {
        if self.program.len().saturating_mul(text.len() + 1) > MAX_TRIES {
            return None;
        }
        let mut seen = vec![false; self.program.len() * (text.len() + 1)];
        (from..=text.len()).find_map(|start| self.run(text, start, &mut seen))
    }

    fn run(&self, text: &[char], start: usize, seen: &mut [bool]) -> Option<Found> {
        let slots = vec![None; 2 + 2 * self.names.len()];
        let mut stack = vec![(0, start, slots)];
        while let Some((mut at, mut place, mut slots)) = stack.pop() {
            loop {
                let mark = at * (text.len() + 1) + place;
                if std::mem::replace(&mut seen[mark], true) {
                    break;
                }
                let goes_on = match &self.program[at] {
                    Instruction::Match => {
                        slots[0] = Some(start);
                        slots[1] = Some(place);
                        return Some(
                            slots
                                .chunks(2)
                                .map(|pair| Some((pair[0]?, pair[1]?)))
                                .collect(),
                        );
                    }
                    Instruction::Jump(to) => {
                        at = *to;
                        continue;
                    }
                    Instruction::Split(first, second) => {
                        stack.push((*second, place, slots.clone()));
                        at = *first;
                        continue;
                    }
                    Instruction::Save(slot) => {
                        slots[*slot] = Some(place);
                        true
                    }
                    Instruction::Start => place == 0,
                    Instruction::End => place == text.len(),
                    Instruction::Boundary(wanted) => {
                        let word = |at: Option<usize>| {
                            let c = at.and_then(|at| text.get(at));
                            c.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_')
                        };
                        (word(place.checked_sub(1)) != word(Some(place))) == *wanted
                    }
                    Instruction::One(class) => {
                        let fits = text.get(place).is_some_and(|c| self.fits(class, *c));
                        place += usize::from(fits);
                        fits
                    }
                };
                if !goes_on {
                    break;
                }
                at += 1;
            }
        }
        None
    }

    fn fits(&self, class: &Class, c: char) -> bool {
        let within = |c: char| {
            class
                .ranges
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&c))
        };
        let other = if c.is_lowercase() {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        };
        (within(c) || (self.ignores_case && within(other))) != class.negated
    }

    /// The match's text without groups, a map with named groups, else a list.
    fn value(&self, text: &[char], found: &Found) -> Value {
        let of = |span: &Option<(usize, usize)>| match span {
            Some((start, end)) => Value::Text(text[*start..*end].iter().collect()),
            None => Value::Null,
        };
        if self.names.is_empty() {
            return of(&found[0]);
        }
        let groups = found[1..].iter().map(of);
        if self.names.iter().any(Option::is_some) {
            let names = self
                .names
                .iter()
                .map(|name| name.clone().unwrap_or_default());
            return Value::Map(names.zip(groups).collect::<BTreeMap<_, _>>());
        }
        Value::List(groups.collect())
    }

    /// `$1`, `${name}` and `$$` in a replacement.
    fn expand(&self, template: &str, text: &[char], found: &Found, out: &mut String) {
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('$') {
            out.push_str(before);
            if let Some(tail) = behind.strip_prefix('$') {
                out.push('$');
                rest = tail;
                continue;
            }
            let braced = behind
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'));
            let (name, tail) = braced.unwrap_or_else(|| {
                let end = behind.find(|c: char| !c.is_alphanumeric() && c != '_');
                behind.split_at(end.unwrap_or(behind.len()))
            });
            rest = tail;
            if name.is_empty() {
                out.push('$');
                continue;
            }
            let named = self
                .names
                .iter()
                .position(|known| known.as_deref() == Some(name));
            let index = name.parse().ok().or(named.map(|at| at + 1));
            if let Some(Some((start, end))) = index.and_then(|index: usize| found.get(index)) {
                out.extend(&text[*start..*end]);
            }
        }
        out.push_str(rest);
    }
}

struct Reader {
    characters: Vec<char>,
    at: usize,
    depth: usize,
    program: Vec<Instruction>,
    names: Vec<Option<String>>,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = text
            .chars()
            .enumerate()
            .all(|(n, c)| self.characters.get(self.at + n) == Some(&c));
        self.at += if found { text.chars().count() } else { 0 };
        found
    }

    fn alternatives(&mut self) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut ends = Vec::new();
        loop {
            let start = self.program.len();
            self.sequence()?;
            if !self.eat("|") {
                break;
            }
            self.insert(start, Instruction::Split(start + 1, self.program.len() + 2));
            ends.push(self.program.len());
            self.program.push(Instruction::Jump(0));
        }
        let end = self.program.len();
        for at in ends {
            self.program[at] = Instruction::Jump(end);
        }
        self.depth -= 1;
        Some(())
    }

    /// Puts an instruction before others, whose targets move with them.
    fn insert(&mut self, at: usize, instruction: Instruction) {
        let moved = |to: &mut usize| *to += usize::from(*to >= at);
        for known in &mut self.program[at..] {
            match known {
                Instruction::Split(a, b) => {
                    moved(a);
                    moved(b);
                }
                Instruction::Jump(to) => moved(to),
                _ => {}
            }
        }
        self.program.insert(at, instruction);
    }

    fn sequence(&mut self) -> Option<()> {
        while self.peek().is_some_and(|c| c != '|' && c != ')') {
            let start = self.program.len();
            let from = self.at;
            let groups = self.names.len();
            self.atom()?;
            self.repeated(start, from, groups)?;
            if self.program.len() > MAX_INSTRUCTIONS {
                return None;
            }
        }
        Some(())
    }

    fn atom(&mut self) -> Option<()> {
        let c = self.peek()?;
        self.at += 1;
        let instruction = match c {
            '.' => Instruction::One(Class {
                negated: true,
                ranges: vec![('\n', '\n')],
            }),
            '^' => Instruction::Start,
            '$' => Instruction::End,
            '[' => Instruction::One(self.class()?),
            '(' => return self.group(),
            '\\' => self.escape()?,
            '*' | '+' | '?' => return None,
            c => Instruction::One(Class {
                negated: false,
                ranges: vec![(c, c)],
            }),
        };
        self.program.push(instruction);
        Some(())
    }

    fn group(&mut self) -> Option<()> {
        let mut slot = None;
        if !self.eat("?:") {
            let mut name = None;
            if self.eat("?P<") || self.eat("?<") {
                let end = self.characters[self.at..].iter().position(|c| *c == '>')?;
                name = Some(self.characters[self.at..self.at + end].iter().collect());
                self.at += end + 1;
            } else if self.peek() == Some('?') {
                return None;
            }
            self.names.push(name);
            slot = Some(2 * self.names.len());
        }
        self.program.extend(slot.map(Instruction::Save));
        self.alternatives()?;
        self.program
            .extend(slot.map(|slot| Instruction::Save(slot + 1)));
        self.eat(")").then_some(())
    }

    fn escape(&mut self) -> Option<Instruction> {
        let c = self.peek()?;
        self.at += 1;
        Some(match c {
            'b' | 'B' => Instruction::Boundary(c == 'b'),
            'A' => Instruction::Start,
            'z' => Instruction::End,
            c => Instruction::One(escaped(c)?),
        })
    }

    fn class(&mut self) -> Option<Class> {
        let mut class = Class {
            negated: self.eat("^"),
            ranges: Vec::new(),
        };
        let mut first = true;
        loop {
            let mut c = self.peek()?;
            self.at += 1;
            if c == ']' && !first {
                return Some(class);
            }
            first = false;
            if c == '[' && self.peek() == Some(':') {
                let rest: String = self.characters[self.at + 1..].iter().take(12).collect();
                let (name, _) = rest.split_once(":]")?;
                class.ranges.extend(named(name)?);
                self.at += name.len() + 3;
                continue;
            }
            if c == '\\' {
                let inner = self.peek()?;
                self.at += 1;
                let found = escaped(inner)?;
                match found.ranges.as_slice() {
                    [(one, same)] if one == same && !found.negated => c = *one,
                    _ if found.negated => return None,
                    _ => {
                        class.ranges.extend(found.ranges);
                        continue;
                    }
                }
            }
            let mut end = c;
            if self.peek() == Some('-')
                && self
                    .characters
                    .get(self.at + 1)
                    .is_some_and(|next| *next != ']')
            {
                end = self.characters[self.at + 1];
                self.at += 2;
                if end == '\\' {
                    end = self.peek()?;
                    self.at += 1;
                }
            }
            class.ranges.push((c, end));
        }
    }

    /// The quantifier behind the atom whose instructions begin at `start`.
    fn repeated(&mut self, start: usize, from: usize, groups: usize) -> Option<()> {
        let (least, most) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let rest: String = self.characters[self.at + 1..].iter().take(12).collect();
                let (inside, _) = rest.split_once('}')?;
                self.at += inside.chars().count() + 1;
                match inside.split_once(',') {
                    None => (inside.parse().ok()?, Some(inside.parse().ok()?)),
                    Some((least, "")) => (least.parse().ok()?, None),
                    Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
                }
            }
            _ => return Some(()),
        };
        if least > 100 || most.is_some_and(|most: usize| most > 100 || most < least) {
            return None;
        }
        let to = self.at;
        self.at += 1;
        let lazy = self.eat("?");
        let behind = self.at;
        // The atom is read anew for each copy; its groups stay the same ones.
        let again = |reader: &mut Self| {
            reader.names.truncate(groups);
            reader.at = from;
            reader.atom()?;
            (reader.program.len() <= MAX_INSTRUCTIONS && reader.at <= to).then_some(())
        };
        let names = self.names.clone();
        self.program.truncate(start);
        for _ in 0..least {
            again(self)?;
        }
        match most {
            None => {
                let split = self.program.len();
                again(self)?;
                self.insert(split, Instruction::Match);
                self.program.push(Instruction::Jump(split));
                self.program[split] = branch(split + 1, self.program.len(), lazy);
            }
            Some(most) => {
                let mut splits = Vec::new();
                for _ in least..most {
                    let split = self.program.len();
                    again(self)?;
                    self.insert(split, Instruction::Match);
                    splits.push(split);
                }
                for split in splits {
                    self.program[split] = branch(split + 1, self.program.len(), lazy);
                }
            }
        }
        self.names = names;
        self.at = behind;
        Some(())
    }
}

fn branch(inside: usize, behind: usize, lazy: bool) -> Instruction {
    if lazy {
        Instruction::Split(behind, inside)
    } else {
        Instruction::Split(inside, behind)
    }
}

fn escaped(c: char) -> Option<Class> {
    let (negated, ranges) = match c {
        'd' => (false, named("digit")?),
        'D' => (true, named("digit")?),
        'w' => (false, named("word")?),
        'W' => (true, named("word")?),
        's' => (false, named("space")?),
        'S' => (true, named("space")?),
        'n' => (false, vec![('\n', '\n')]),
        't' => (false, vec![('\t', '\t')]),
        'r' => (false, vec![('\r', '\r')]),
        c if c.is_alphanumeric() => return None,
        c => (false, vec![(c, c)]),
    };
    Some(Class { negated, ranges })
}

fn named(name: &str) -> Option<Vec<(char, char)>> {
    Some(match name {
        "digit" => vec![('0', '9')],
        "lower" => vec![('a', 'z')],
        "upper" => vec![('A', 'Z')],
        "alpha" => vec![('a', 'z'), ('A', 'Z')],
        "alnum" => vec![('a', 'z'), ('A', 'Z'), ('0', '9')],
        "word" => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        "xdigit" => vec![('a', 'f'), ('A', 'F'), ('0', '9')],
        "space" => vec![(' ', ' '), ('\t', '\n'), ('\u{c}', '\r')],
        "punct" => vec![('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        _ => return None,
    })
}
