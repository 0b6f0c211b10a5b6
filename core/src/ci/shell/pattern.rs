//! Shell patterns: `*`, `?`, `[…]`; a backslash quotes the next character.
//!
//! Linear in the product of both lengths, without recursion.

/// Whether the whole text matches.
pub(in crate::ci) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, t));
            p += 1;
            continue;
        }
        if let Some(next) = one(&pattern, p, text[t]) {
            p = next;
            t += 1;
            continue;
        }
        let Some((at, from)) = star else {
            return false;
        };
        star = Some((at, from + 1));
        p = at + 1;
        t = from + 1;
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// The place after the pattern's next element if that element takes the character.
fn one(pattern: &[char], at: usize, c: char) -> Option<usize> {
    match pattern.get(at)? {
        '?' => Some(at + 1),
        '\\' => (pattern.get(at + 1) == Some(&c)).then_some(at + 2),
        '[' => bracket(pattern, at, c),
        other => (*other == c).then_some(at + 1),
    }
}

fn bracket(pattern: &[char], at: usize, c: char) -> Option<usize> {
    let negated = matches!(pattern.get(at + 1), Some('!' | '^'));
    let start = at + 1 + usize::from(negated);
    let close = pattern.iter().skip(start + 1).position(|c| *c == ']');
    let Some(close) = close.map(|n| n + start + 1) else {
        return (c == '[').then_some(at + 1);
    };
    let inside = &pattern[start..close];
    let mut found = false;
    let mut n = 0;
    while n < inside.len() {
        if let (Some('-'), Some(end)) = (inside.get(n + 1), inside.get(n + 2)) {
            found |= (inside[n]..=*end).contains(&c);
            n += 3;
        } else {
            found |= inside[n] == c;
            n += 1;
        }
    }
    let class: String = inside.iter().collect();
    found |= match class.as_str() {
        "[:digit:" => c.is_ascii_digit(),
        "[:alpha:" => c.is_ascii_alphabetic(),
        "[:alnum:" => c.is_ascii_alphanumeric(),
        "[:space:" => c.is_whitespace(),
        _ => false,
    };
    (found != negated).then_some(close + 1)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            (r"\*", "*", true),
            (r"\*", "a", false),
            ("**a**", "bab", true),
            ("v[0-9]*", "v1.2", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
