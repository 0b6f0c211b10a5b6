//! Flags of command lines, as far as they matter.

/// The last value of a flag: `-o X`, `--out X`, `--out=X`, `-p:X=…` is none of them. A single
/// letter may have its value behind it, as in `-ofile`, if `joined`.
pub(super) fn value<'a>(arguments: &'a [String], names: &[&str]) -> Option<&'a str> {
    let mut found = None;
    for (at, word) in arguments.iter().enumerate() {
        for name in names {
            if word == name {
                found = arguments.get(at + 1).map(String::as_str).or(found);
            } else if let Some(rest) = word.strip_prefix(name).and_then(|r| r.strip_prefix('=')) {
                found = Some(rest);
            }
        }
    }
    found
}

/// As [`value`], also for a letter with its value behind it.
pub(super) fn joined<'a>(arguments: &'a [String], letter: &str) -> Option<&'a str> {
    value(arguments, &[letter]).or_else(|| {
        let mut words = arguments.iter().rev();
        words.find_map(|word| {
            let rest = word.strip_prefix(letter)?;
            (!rest.is_empty() && !rest.starts_with('-')).then_some(rest)
        })
    })
}

pub(super) fn has(arguments: &[String], names: &[&str]) -> bool {
    arguments.iter().any(|word| names.contains(&word.as_str()))
}

/// A letter among short flags: `z` in `-xzf`.
pub(super) fn letter(arguments: &[String], letter: char) -> bool {
    arguments
        .iter()
        .any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains(letter))
}

/// What is no flag, and no value of one that takes a value.
pub(super) fn rest(arguments: &[String], with_value: &[&str]) -> Vec<String> {
    let mut rest = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--" {
            rest.extend(words.by_ref().cloned());
        } else if with_value.contains(&word.as_str()) {
            words.next();
        } else if !word.starts_with('-') || word == "-" {
            rest.push(word.clone());
        }
    }
    rest
}
