//! "(did you mean …?)": BuildKit's suggestions by edit distance.

/// Distances from here on are no suggestion.
const TOO_FAR: usize = 3;

/// The option nearest to `value`, if one is near. `None` as well if `value` is an option.
///
/// BuildKit takes the first of equally near options, mostly in random order; here the order of
/// `options` decides. Without regard to case, the suggestion takes the case of `value`.
pub fn suggest<'o>(
    value: &str,
    options: impl IntoIterator<Item = &'o str>,
    case_sensitive: bool,
) -> Option<String> {
    let fold = |text: &str| {
        if case_sensitive {
            text.to_owned()
        } else {
            text.to_lowercase()
        }
    };
    let wanted = fold(value);
    let letters: Vec<char> = wanted.chars().collect();
    let mut nearest = TOO_FAR;
    let mut found = None;
    for option in options {
        let option = fold(option);
        if option == wanted {
            return None;
        }
        let other: Vec<char> = option.chars().collect();
        let distance = distance(&letters, &other);
        if distance < nearest {
            nearest = distance;
            found = Some(option);
        }
    }
    let found = found?;
    Some(
        if !case_sensitive && value == value.to_uppercase() && value != value.to_lowercase() {
            found.to_uppercase()
        } else {
            found
        },
    )
    .filter(|found| !found.is_empty())
}

/// `message`, with a suggestion if there is one.
pub fn with_suggestion<'o>(
    message: String,
    value: &str,
    options: impl IntoIterator<Item = &'o str>,
    case_sensitive: bool,
) -> String {
    match suggest(value, options, case_sensitive) {
        Some(found) => format!("{message} (did you mean {found}?)"),
        None => message,
    }
}

/// Whether two or less letters are to be changed, added or taken to make one word of the other.
pub fn is_near(a: &str, b: &str) -> bool {
    let letters = |text: &str| text.chars().collect::<Vec<char>>();
    distance(&letters(a), &letters(b)) < TOO_FAR
}

/// Levenshtein distance, or [`TOO_FAR`]; only the diagonal band that can stay below is computed.
fn distance(a: &[char], b: &[char]) -> usize {
    if a.len().abs_diff(b.len()) >= TOO_FAR {
        return TOO_FAR;
    }
    let mut row: Vec<usize> = (0..=b.len()).map(|at| at.min(TOO_FAR)).collect();
    for (i, x) in a.iter().enumerate() {
        let from = i.saturating_sub(TOO_FAR);
        let to = (i + TOO_FAR + 1).min(b.len());
        let mut diagonal = row.get(from).copied().unwrap_or(TOO_FAR);
        let mut left = if from == 0 {
            (i + 1).min(TOO_FAR)
        } else {
            TOO_FAR
        };
        if let Some(first) = row.get_mut(from) {
            *first = left;
        }
        for (j, y) in b.iter().enumerate().take(to).skip(from) {
            let above = row.get(j + 1).copied().unwrap_or(TOO_FAR);
            let best = (diagonal + usize::from(x != y))
                .min(above + 1)
                .min(left + 1);
            left = best.min(TOO_FAR);
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = left;
            }
            diagonal = above;
        }
        // What lies right of the band was never within reach.
        if let Some(cell) = row.get_mut(to + 1) {
            *cell = TOO_FAR;
        }
    }
    row.last().copied().unwrap_or(TOO_FAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_options_are_suggested() {
        let keywords = ["RUN", "ENV", "COPY", "WORKDIR"];
        for (value, sensitive, want) in [
            ("RUNN", false, Some("RUN")),
            ("runn", false, Some("run")),
            ("Runn", false, Some("run")),
            ("WORKDR", false, Some("WORKDIR")),
            ("ROW", false, Some("RUN")),
            ("", false, None),
            ("RUN", false, None),
            ("FLOWERS", false, None),
            ("run", true, None),
            ("CPOY", true, Some("COPY")),
        ] {
            let got = suggest(value, keywords, sensitive);
            assert_eq!(got.as_deref(), want, "{value}");
        }
    }

    #[test]
    fn the_band_agrees_with_the_whole_table() {
        let words = [
            "", "a", "ab", "abc", "abcd", "bcda", "xbcd", "abxcd", "acbd", "dcba", "aabbcc",
        ];
        for a in words {
            for b in words {
                let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
                assert_eq!(distance(&x, &y), whole(&x, &y).min(TOO_FAR), "{a} {b}");
            }
        }
    }

    fn whole(a: &[char], b: &[char]) -> usize {
        let (Some((x, a_rest)), Some((y, b_rest))) = (a.split_first(), b.split_first()) else {
            return a.len().max(b.len());
        };
        if x == y {
            return whole(a_rest, b_rest);
        }
        1 + whole(a_rest, b)
            .min(whole(a, b_rest))
            .min(whole(a_rest, b_rest))
    }
}
