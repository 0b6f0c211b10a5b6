//! Text from outside as it may be shown: a registry chooses platforms, paths, types and
//! annotations, and must not paint on a terminal, forge a line of a report, or give commands to
//! whatever reads a job's log. Legitimate text comes through unchanged.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Stand-in for the byte 0 of a path that is no UTF-8; the others follow. Bytes below 128 never
/// stand there, and what stands there in a path shows in the same way.
const BYTES: u32 = 0x10_ff00;

/// At most `most` characters of the text, without control, direction and invisible characters, and
/// without what starts a command in the log of a CI job: `::` at the beginning of a word (GitHub),
/// `##` anywhere (GitHub's old form, Azure, TeamCity).
pub fn shown(text: &str, most: usize) -> Cow<'_, str> {
    let harmless = |c: char| c.is_ascii_graphic() && c != ':' && c != '#' || c == ' ';
    if text.len() <= most && text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(most));
    let mut before = ' ';
    let mut left = most;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let Some(fewer) = left.checked_sub(1) else {
            out.push('…');
            break;
        };
        left = fewer;
        let starts_command = match c {
            ':' => before.is_whitespace() && characters.peek() == Some(&':'),
            '#' => before == '#',
            _ => false,
        };
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) >= BYTES => {
                let _ = write!(out, "\\x{:02x}", u32::from(c) - BYTES);
            }
            c if starts_command || is_hidden(c) => {
                let _ = write!(out, "{}", c.escape_unicode());
            }
            c => out.push(c),
        }
        before = c;
    }
    Cow::Owned(out)
}

/// A byte that is no part of UTF-8 text, as a character: other bytes give other characters.
pub fn stand_in(byte: u8) -> char {
    char::from_u32(BYTES + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Characters that nobody sees and that change how others are seen.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_meant_to_be_read_is_escaped() {
        for (text, expected) in [
            ("linux", "linux"),
            ("Größe 大小 🙂", "Größe 大小 🙂"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\x1b[31mred\u{9b}2J", "\\u{1b}[31mred\\u{9b}2J"),
            ("\u{202e}gpj.exe\u{2066}", "\\u{202e}gpj.exe\\u{2066}"),
            ("::error::x", "\\u{3a}:error::x"),
            ("a ::add-mask::b", "a \\u{3a}:add-mask::b"),
            ("a\u{3000}::group", "a\u{3000}\\u{3a}:group"),
            ("[::1]:5000/std::path", "[::1]:5000/std::path"),
            ("##[group]x ###", "#\\u{23}[group]x #\\u{23}\\u{23}"),
            ("#1", "#1"),
        ] {
            assert_eq!(shown(text, 100), expected, "{text:?}");
        }
        assert_eq!(shown("abcdef", 3), "abc…");
        assert_eq!(shown(&"é".repeat(50), 50), "é".repeat(50));
        let path: String = [b'a', 0xff]
            .map(|b| if b < 128 { b.into() } else { stand_in(b) })
            .into_iter()
            .collect();
        assert_eq!(shown(&path, 9), "a\\xff");
    }
}
