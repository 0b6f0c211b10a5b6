//! Which variables a script reads and sets, without running it.

use std::collections::{BTreeMap, BTreeSet};

use super::ast::{Command, CommandKind, List, Operation, Part, RedirectKind, Value, Word};

/// What a script mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Names it reads; `true` where it is read at least once without a fallback.
    pub read: BTreeMap<String, bool>,
    /// Names it sets somewhere.
    pub set: BTreeSet<String>,
    /// The words of each simple command, with `$NAME` standing for expansions.
    pub commands: Vec<Vec<String>>,
    /// The commands that loop conditions run.
    pub conditions: Vec<Vec<String>>,
}

/// Walks a parsed script.
pub fn mentions(list: &List) -> Mentions {
    let mut found = Mentions::default();
    walk_list(list, &mut found);
    found
}

fn walk_list(list: &List, found: &mut Mentions) {
    for item in list {
        for pipeline in std::iter::once(&item.first).chain(item.rest.iter().map(|(_, p)| p)) {
            for command in &pipeline.commands {
                walk_command(command, found);
            }
        }
    }
}

/// A body that sleeps waits for what else it asks.
fn walk_waiting(body: &List, found: &mut Mentions) {
    let before = found.commands.len();
    walk_list(body, found);
    let own = found.commands.get(before..).unwrap_or_default().to_vec();
    if own
        .iter()
        .any(|words| words.first().is_some_and(|w| w == "sleep"))
    {
        found.conditions.extend(own);
    }
}

fn walk_command(command: &Command, found: &mut Mentions) {
    for redirect in &command.redirects {
        match &redirect.kind {
            RedirectKind::Read(word)
            | RedirectKind::Write { target: word, .. }
            | RedirectKind::WriteBoth { target: word, .. }
            | RedirectKind::Text(word) => walk_word(word, found),
            RedirectKind::Duplicate(_) => {}
        }
    }
    match &command.kind {
        CommandKind::Simple { assignments, words } => {
            for assignment in assignments {
                found.set.insert(assignment.name.clone());
                match &assignment.value {
                    Value::Word(word) => walk_word(word, found),
                    Value::Array(words) => words.iter().for_each(|w| walk_word(w, found)),
                }
            }
            for word in words {
                walk_word(word, found);
            }
            simple(words, found);
        }
        CommandKind::Group(list) | CommandKind::Subshell(list) => walk_list(list, found),
        CommandKind::If { arms, otherwise } => {
            for (condition, body) in arms {
                walk_list(condition, found);
                walk_list(body, found);
            }
            if let Some(body) = otherwise {
                walk_list(body, found);
            }
        }
        CommandKind::Loop {
            condition, body, ..
        } => {
            let before = found.commands.len();
            walk_list(condition, found);
            let condition = found.commands.get(before..).unwrap_or_default().to_vec();
            found.conditions.extend(condition);
            walk_waiting(body, found);
        }
        CommandKind::For { name, words, body } => {
            found.set.insert(name.clone());
            words.iter().flatten().for_each(|w| walk_word(w, found));
            walk_waiting(body, found);
        }
        CommandKind::ArithmeticFor { body, start, .. } => {
            if let Some((name, _)) = start.split_once('=') {
                found.set.insert(name.trim().to_owned());
            }
            walk_waiting(body, found);
        }
        CommandKind::Case { word, arms } => {
            walk_word(word, found);
            for (patterns, body) in arms {
                for pattern in patterns {
                    walk_word(pattern, found);
                }
                walk_list(body, found);
            }
        }
        CommandKind::Function { body, .. } => walk_command(body, found),
        CommandKind::Test(words) => words.iter().for_each(|w| walk_word(w, found)),
        CommandKind::Arithmetic(_) => {}
    }
}

fn simple(words: &[Word], found: &mut Mentions) {
    let shown: Vec<String> = words.iter().map(shown).collect();
    let setters = [
        "read", "export", "local", "declare", "readonly", "typeset", "mapfile", "getopts",
    ];
    if shown
        .first()
        .is_some_and(|name| setters.contains(&name.as_str()))
    {
        for word in shown.iter().skip(1).filter(|w| !w.starts_with('-')) {
            if let Some((name, _)) = word.split_once('=') {
                found.set.insert(name.to_owned());
            } else if shown
                .first()
                .is_some_and(|name| name != "export" && name != "readonly")
            {
                found.set.insert(word.clone());
            }
        }
    }
    if !shown.is_empty() {
        found.commands.push(shown);
    }
}

/// A word's text with `$NAME` for each expansion.
fn shown(word: &Word) -> String {
    let mut text = String::new();
    for part in &word.0 {
        match part {
            Part::Literal { text: piece, .. } => text.push_str(piece),
            Part::Parameter { parameter, .. } => {
                text.push('$');
                text.push_str(&parameter.name);
            }
            Part::Command { .. } => text.push_str("$()"),
            Part::Arithmetic { .. } => text.push_str("$(())"),
        }
    }
    text
}

fn walk_word(word: &Word, found: &mut Mentions) {
    for part in &word.0 {
        match part {
            Part::Literal { .. } => {}
            Part::Arithmetic { .. } => {}
            Part::Command { list, .. } => walk_list(list, found),
            Part::Parameter { parameter, .. } => {
                let mut plain = true;
                match &parameter.operation {
                    Operation::Fallback { kind, word, .. } => {
                        plain = *kind == '?';
                        if *kind == '=' {
                            found.set.insert(parameter.name.clone());
                        }
                        walk_word(word, found);
                    }
                    Operation::Trim { pattern, .. } => walk_word(pattern, found),
                    Operation::Replace { pattern, with, .. } => {
                        walk_word(pattern, found);
                        walk_word(with, found);
                    }
                    Operation::None
                    | Operation::Length
                    | Operation::Indirect
                    | Operation::Slice { .. }
                    | Operation::Case { .. } => {}
                }
                *found.read.entry(parameter.name.clone()).or_default() |= plain;
            }
        }
    }
}
