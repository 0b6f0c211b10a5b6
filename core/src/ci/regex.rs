//! Regular expressions as CI files use them (`rules: if: $X =~ /^v\d+/`, `[[ $x =~ … ]]`).
//!
//! A small backtracking matcher with a step budget: literals, `.`, classes, groups, `|`, `*`, `+`,
//! `?`, `{m,n}`, anchors. No captures, no look-around: those give `None`.

const MAX_STEPS: usize = 50_000;
const MAX_DEPTH: usize = 60;

#[derive(Debug, Clone)]
enum Node {
    Char(char),
    Any,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    Start,
    End,
    Boundary,
    Group(Vec<Vec<Node>>),
    Repeat {
        node: Box<Node>,
        least: usize,
        most: usize,
    },
}

/// Whether the pattern is found in the text; `None` if the pattern or the work goes beyond this.
pub(in crate::ci) fn search(pattern: &str, text: &str) -> Option<bool> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut parser = Parser {
        characters: &characters,
        at: 0,
        depth: 0,
    };
    let node = Node::Group(parser.alternatives()?);
    if parser.at < characters.len() {
        return None;
    }
    let text: Vec<char> = text.chars().take(4_096).collect();
    let mut matcher = Matcher {
        text: &text,
        steps: 0,
    };
    for start in 0..=text.len() {
        if matcher.run(std::slice::from_ref(&node), start, 0, &mut |_| true)? {
            return Some(true);
        }
    }
    Some(false)
}

struct Parser<'a> {
    characters: &'a [char],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn alternatives(&mut self) -> Option<Vec<Vec<Node>>> {
        if self.depth > 20 {
            return None;
        }
        self.depth += 1;
        let mut all = vec![self.sequence()?];
        while self.peek() == Some('|') {
            self.at += 1;
            all.push(self.sequence()?);
        }
        self.depth -= 1;
        Some(all)
    }

    fn sequence(&mut self) -> Option<Vec<Node>> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            self.at += 1;
            let node = self.atom(c)?;
            nodes.push(self.repeated(node)?);
        }
        Some(nodes)
    }

    fn atom(&mut self, c: char) -> Option<Node> {
        Some(match c {
            '.' => Node::Any,
            '^' => Node::Start,
            '$' => Node::End,
            '[' => self.class()?,
            '(' => {
                if self.peek() == Some('?') {
                    if self.characters.get(self.at + 1) != Some(&':') {
                        return None;
                    }
                    self.at += 2;
                }
                let group = self.alternatives()?;
                if self.peek() != Some(')') {
                    return None;
                }
                self.at += 1;
                Node::Group(group)
            }
            '\\' => {
                let next = self.peek()?;
                self.at += 1;
                escape(next)
            }
            '*' | '+' | '?' => return None,
            other => Node::Char(other),
        })
    }

    fn class(&mut self) -> Option<Node> {
        let negated = self.peek() == Some('^');
        self.at += usize::from(negated);
        let mut ranges = Vec::new();
        let mut first = true;
        loop {
            let mut c = self.peek()?;
            self.at += 1;
            if c == ']' && !first {
                return Some(Node::Class { negated, ranges });
            }
            first = false;
            if c == '[' && self.peek() == Some(':') {
                let rest: String = self.characters.get(self.at..)?.iter().take(12).collect();
                let (name, _) = rest.strip_prefix(':')?.split_once(":]")?;
                self.at += name.chars().count() + 3;
                ranges.extend(named(name)?);
                continue;
            }
            if c == '\\' {
                c = self.peek()?;
                self.at += 1;
                if let Node::Class {
                    negated: false,
                    ranges: inner,
                } = escape(c)
                {
                    ranges.extend(inner);
                    continue;
                }
            }
            if self.peek() == Some('-')
                && self.characters.get(self.at + 1).is_some_and(|n| *n != ']')
            {
                let end = *self.characters.get(self.at + 1)?;
                self.at += 2;
                ranges.push((c, end));
            } else {
                ranges.push((c, c));
            }
        }
    }

    fn repeated(&mut self, node: Node) -> Option<Node> {
        let (least, most) = match self.peek() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                let rest: String = self
                    .characters
                    .get(self.at + 1..)?
                    .iter()
                    .take(12)
                    .collect();
                let (inside, _) = rest.split_once('}')?;
                self.at += inside.chars().count() + 1;
                match inside.split_once(',') {
                    None => {
                        let n = inside.parse().ok()?;
                        (n, n)
                    }
                    Some((a, "")) => (a.parse().ok()?, usize::MAX),
                    Some((a, b)) => (a.parse().ok()?, b.parse().ok()?),
                }
            }
            _ => return Some(node),
        };
        self.at += 1;
        if self.peek() == Some('?') {
            self.at += 1;
        }
        Some(Node::Repeat {
            node: Box::new(node),
            least,
            most,
        })
    }
}

fn escape(c: char) -> Node {
    let class = |negated, name: &str| Node::Class {
        negated,
        ranges: named(name).unwrap_or_default(),
    };
    match c {
        'd' => class(false, "digit"),
        'D' => class(true, "digit"),
        'w' => class(false, "word"),
        'W' => class(true, "word"),
        's' => class(false, "space"),
        'S' => class(true, "space"),
        'A' => Node::Start,
        'z' | 'Z' => Node::End,
        'b' => Node::Boundary,
        'n' => Node::Char('\n'),
        't' => Node::Char('\t'),
        other => Node::Char(other),
    }
}

fn named(name: &str) -> Option<Vec<(char, char)>> {
    Some(match name {
        "digit" => vec![('0', '9')],
        "alpha" => vec![('a', 'z'), ('A', 'Z')],
        "alnum" => vec![('a', 'z'), ('A', 'Z'), ('0', '9')],
        "word" => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        "space" => vec![(' ', ' '), ('\t', '\r')],
        "lower" => vec![('a', 'z')],
        "upper" => vec![('A', 'Z')],
        _ => return None,
    })
}

struct Matcher<'a> {
    text: &'a [char],
    steps: usize,
}

type Rest<'r> = &'r mut dyn FnMut(usize) -> bool;

impl Matcher<'_> {
    /// Matches the nodes from a place; `None` when the budget is used up.
    fn run(&mut self, nodes: &[Node], at: usize, depth: usize, rest: Rest<'_>) -> Option<bool> {
        let ends = self.ends(nodes, at, depth)?;
        Some(ends.into_iter().any(rest))
    }

    /// All places at which a match of the nodes may end.
    fn ends(&mut self, nodes: &[Node], at: usize, depth: usize) -> Option<Vec<usize>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut places = vec![at];
        for node in nodes {
            let mut next = Vec::new();
            for place in places {
                next.extend(self.one(node, place, depth)?);
            }
            next.sort_unstable();
            next.dedup();
            if next.is_empty() {
                return Some(next);
            }
            places = next;
        }
        Some(places)
    }

    fn one(&mut self, node: &Node, at: usize, depth: usize) -> Option<Vec<usize>> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return None;
        }
        let step = |ok: bool| if ok { vec![at + 1] } else { Vec::new() };
        let stay = |ok: bool| if ok { vec![at] } else { Vec::new() };
        Some(match node {
            Node::Char(c) => step(self.text.get(at) == Some(c)),
            Node::Any => step(self.text.get(at).is_some_and(|c| *c != '\n')),
            Node::Class { negated, ranges } => step(self.text.get(at).is_some_and(|c| {
                ranges.iter().any(|(from, to)| (from..=to).contains(&c)) != *negated
            })),
            Node::Start => stay(at == 0),
            Node::End => stay(at == self.text.len()),
            Node::Boundary => {
                let word = |n: Option<usize>| {
                    n.and_then(|n| self.text.get(n))
                        .is_some_and(|c| c.is_alphanumeric() || *c == '_')
                };
                stay(word(at.checked_sub(1)) != word(Some(at)))
            }
            Node::Group(alternatives) => {
                let mut all = Vec::new();
                for nodes in alternatives {
                    all.extend(self.ends(nodes, at, depth + 1)?);
                }
                all
            }
            Node::Repeat { node, least, most } => {
                let mut all = if *least == 0 { vec![at] } else { Vec::new() };
                let mut places = vec![at];
                let mut seen = std::collections::BTreeSet::from([at]);
                let mut count = 0;
                while count < *most && !places.is_empty() {
                    let mut next = Vec::new();
                    for place in places {
                        next.extend(self.one(node, place, depth + 1)?);
                    }
                    count += 1;
                    next.sort_unstable();
                    next.dedup();
                    if count >= *least {
                        next.retain(|place| seen.insert(*place));
                        all.extend(&next);
                    }
                    if count > 5_000 {
                        return None;
                    }
                    places = next;
                }
                all
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::search;

    #[test]
    fn patterns_of_ci_files() {
        for (pattern, text, expected) in [
            (r"^v\d+\.\d+", "v1.20", Some(true)),
            (r"^v\d+\.\d+$", "v1.20-rc", Some(false)),
            ("main|master", "the master", Some(true)),
            ("^(feature|fix)/.+", "fix/x", Some(true)),
            ("^[a-z]{2,3}$", "abcd", Some(false)),
            (r"(?=x)", "x", None),
            ("(a*)*b", &"a".repeat(20), Some(false)),
            ("[[:digit:]]+", "a1", Some(true)),
        ] {
            assert_eq!(search(pattern, text), expected, "{pattern} {text}");
        }
    }
}
