//! Text in columns of a terminal: its width there, cut, filled and broken to fit.
//!
//! Widths are the usual ones (East Asian Width of Unicode's Annex 11, joined emoji apart). Control
//! characters, which could move the cursor or colour what follows, are shown as U+FFFD.

use std::env;

/// The width of the terminal, as far as `COLUMNS` says it; 80 otherwise.
pub(crate) fn width() -> usize {
    let columns = env::var("COLUMNS").ok();
    let columns = columns.and_then(|text| text.trim().parse().ok());
    columns.map_or(80, |columns: usize| columns.clamp(60, 200))
}

/// Ranges of characters that take two columns.
const WIDE: [(char, char); 12] = [
    ('\u{1100}', '\u{115f}'),
    ('\u{2e80}', '\u{303e}'),
    ('\u{3041}', '\u{33ff}'),
    ('\u{3400}', '\u{4dbf}'),
    ('\u{4e00}', '\u{a4cf}'),
    ('\u{ac00}', '\u{d7a3}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{fe30}', '\u{fe6f}'),
    ('\u{ff00}', '\u{ff60}'),
    ('\u{ffe0}', '\u{ffe6}'),
    ('\u{1f300}', '\u{1faff}'),
    ('\u{20000}', '\u{3fffd}'),
];

/// Ranges of characters that take none.
const NARROW: [(char, char); 4] = [
    ('\u{300}', '\u{36f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{20d0}', '\u{20ff}'),
    ('\u{fe00}', '\u{fe0f}'),
];

fn of_char(c: char) -> usize {
    let within =
        |ranges: &[(char, char)]| ranges.iter().any(|(from, to)| (*from..=*to).contains(&c));
    if c.is_ascii() {
        1
    } else if within(&NARROW) {
        0
    } else if within(&WIDE) {
        2
    } else {
        1
    }
}

/// How many columns a text takes.
pub(crate) fn width_of(text: &str) -> usize {
    text.chars().map(of_char).sum()
}

/// Without characters that do something to a terminal.
pub(crate) fn plain(text: &str) -> String {
    let replace = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(replace).collect()
}

/// The text cut or filled to a width, with a blank at its end.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let mut fitted = cut(text, width.saturating_sub(1));
    let fill = width.saturating_sub(width_of(&fitted));
    fitted.extend(std::iter::repeat_n(' ', fill));
    fitted
}

/// The text, or as much of it as there is room for with an ellipsis.
pub(crate) fn cut(text: &str, room: usize) -> String {
    let text = plain(text);
    if width_of(&text) <= room {
        return text;
    }
    let mut cut = String::new();
    let mut taken = 0;
    for c in text.chars() {
        taken += of_char(c);
        if taken + 1 > room {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

/// Breaks at blanks; line breaks of the text stay. A word that is wider than a line stands alone.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in plain(&paragraph.replace('\t', "    ")).split(' ') {
            let long = width_of(&line) + width_of(word) + 1 > width;
            if long && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width_of("构建 a\u{301}é"), 7);
        assert_eq!(fit("构建构建", 6), "构建… ");
        assert_eq!(fit("ab", 4), "ab  ");
        assert_eq!(fit("a\u{1b}[31m", 8), "a\u{fffd}[31m  ");
    }

    #[test]
    fn long_words_stand_alone() {
        assert_eq!(wrap("aa bb cccccc d", 5), ["aa bb", "cccccc", "d"]);
        assert_eq!(wrap("a\nb c", 9), ["a", "b c"]);
    }
}
