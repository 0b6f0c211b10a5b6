//! Filters and small tools: `grep`, `sed`, `cut`, `tr`, `head`, `tail`, `wc`, `sort`, `uniq`,
//! `seq`, `date`, `uname`, `base64`, `xargs`, `jq` of single keys.
//!
//! Options that are not modelled let the text through and mark the step.

use std::fmt::Write as _;

use crate::ci::regex;
use crate::ci::shell::{Done, Shell};

/// `None` if the program is none of these.
pub(super) fn run(shell: &mut Shell<'_, '_>, program: &str, arguments: &[String]) -> Option<Done> {
    Some(Ok(match program {
        "grep" | "egrep" => grep(shell, arguments),
        "sed" => sed(shell, arguments),
        "cut" => cut(shell, arguments),
        "tr" => translate(shell, arguments),
        "head" | "tail" => ends(shell, program, arguments),
        "wc" => count(shell, arguments),
        "sort" | "uniq" | "tac" | "rev" => order(shell, program, arguments),
        "seq" => sequence(shell, arguments),
        "date" => {
            let text = if arguments.iter().any(|a| a.contains("%s")) {
                "1767225600"
            } else {
                "2026-01-01T00:00:00Z"
            };
            let text = arguments
                .iter()
                .find(|a| a.starts_with('+'))
                .map_or(text.to_owned(), |f| date(f));
            shell.out(&format!("{text}\n"));
            0
        }
        "uname" => {
            let machine = match shell.world.settings.arch.as_str() {
                "amd64" => "x86_64",
                "arm64" => "aarch64",
                other => other,
            };
            let text = match arguments.first().map(String::as_str) {
                Some("-m" | "-p" | "-i") => machine.to_owned(),
                Some("-sm" | "-ms") => format!("Linux {machine}"),
                Some("-a") => format!("Linux runner 6.1.0 #1 SMP {machine} GNU/Linux"),
                Some("-r") => "6.1.0".to_owned(),
                _ => "Linux".to_owned(),
            };
            shell.out(&format!("{text}\n"));
            0
        }
        "nproc" => {
            shell.out("2\n");
            0
        }
        "whoami" => {
            shell.out("root\n");
            0
        }
        "hostname" | "id" | "df" | "du" | "ps" | "tty" | "stat" => 0,
        "printenv" => match arguments.first() {
            None => print_environment(shell),
            Some(name) => match shell.variables.exported(name).map(str::to_owned) {
                Some(value) => {
                    shell.out(&format!("{value}\n"));
                    0
                }
                None => 1,
            },
        },
        "base64" => {
            let text = input(shell, arguments);
            shell.world.exact = false;
            shell.out(&text);
            0
        }
        // What was downloaded is what it should be, as everything that cannot be known here.
        "sha256sum"
            if arguments
                .iter()
                .any(|a| matches!(a.as_str(), "-c" | "--check")) =>
        {
            0
        }
        "sha256sum" => {
            let text = input(shell, arguments);
            let digest = crate::digest::Digest::sha256(text.as_bytes());
            shell.out(&format!("{}  -\n", digest.encoded()));
            0
        }
        "xargs" => return Some(xargs(shell, arguments)),
        "jq" => super::jq::run(shell, arguments),
        "awk" | "yq" | "perl" | "paste" | "fold" | "nl" | "od" | "split" => {
            let text = input(shell, arguments);
            shell.world.exact = false;
            shell.world.reason(format!(
                "{program} is not simulated; its input is passed on"
            ));
            shell.out(&text);
            0
        }
        _ => return None,
    }))
}

pub(super) fn print_environment(shell: &mut Shell<'_, '_>) -> i32 {
    let lines: Vec<String> = shell
        .variables
        .environment()
        .map(|(k, v)| format!("{k}={v}\n"))
        .collect();
    shell.out(&lines.concat());
    0
}

/// The files that are named, or standard input.
pub(super) fn input(shell: &mut Shell<'_, '_>, arguments: &[String]) -> String {
    if shell.has_input() {
        return shell.read_all();
    }
    let names: Vec<String> = arguments
        .iter()
        .filter(|a| !a.starts_with('-'))
        .cloned()
        .collect();
    let mut text = String::new();
    for name in names {
        let path = shell.path(&name);
        if let Some(content) = super::files::known_text(shell, &path) {
            text.push_str(&content);
        }
    }
    text
}

fn date(format: &str) -> String {
    let pairs = [
        ("%Y", "2026"),
        ("%m", "01"),
        ("%d", "01"),
        ("%H", "00"),
        ("%M", "00"),
        ("%S", "00"),
        ("%s", "1767225600"),
        ("%F", "2026-01-01"),
        ("%T", "00:00:00"),
        ("%y", "26"),
        ("%I", "2026-01-01"),
    ];
    pairs.iter().fold(
        format.trim_start_matches('+').to_owned(),
        |text, (from, to)| text.replace(from, to),
    )
}

fn grep(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let flags: String = arguments
        .iter()
        .filter(|a| a.starts_with('-') && !a.starts_with("--"))
        .map(String::as_str)
        .collect();
    let mut words = arguments.iter().filter(|a| !a.starts_with('-')).cloned();
    let Some(pattern) = words.next() else {
        return 2;
    };
    let names: Vec<String> = words.collect();
    let text = if names.is_empty() {
        shell.read_all()
    } else {
        let mut text = String::new();
        for name in &names {
            let path = shell.path(name);
            match super::files::known_text(shell, &path) {
                Some(content) => text.push_str(&content),
                None if !flags.contains('s') => {
                    shell.err(&format!("grep: {name}: No such file or directory\n"));
                    return 2;
                }
                None => {}
            }
        }
        text
    };
    let fixed = flags.contains('F');
    let ignore_case = flags.contains('i');
    let fold = |t: &str| {
        if ignore_case {
            t.to_lowercase()
        } else {
            t.to_owned()
        }
    };
    let needle = fold(&pattern.replace("\\|", "|"));
    let mut inexact = false;
    let matched: Vec<&str> = text
        .lines()
        .filter(|line| {
            let line = fold(line);
            let found = if fixed {
                line.contains(&needle)
            } else {
                regex::search(&needle, &line).unwrap_or_else(|| {
                    inexact = true;
                    line.contains(&needle)
                })
            };
            found != flags.contains('v')
        })
        .collect();
    if inexact {
        shell.world.exact = false;
    }
    let status = i32::from(matched.is_empty());
    if flags.contains('c') {
        shell.out(&format!("{}\n", matched.len()));
    } else if !flags.contains('q') {
        let out: String = matched.iter().flat_map(|l| [l, "\n"]).collect();
        shell.out(&out);
    }
    status
}

/// `s/a/b/g` with any delimiter, `Nd`, `/x/d`, `-n Np`, `-i`, several `-e`.
fn sed(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let mut scripts = Vec::new();
    let mut names = Vec::new();
    let mut in_place = false;
    let mut quiet = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-e" | "--expression" => scripts.extend(words.next().cloned()),
            "-n" => quiet = true,
            "-E" | "-r" => {}
            flag if flag.starts_with("-i") || flag == "--in-place" => in_place = true,
            _ if scripts.is_empty() => scripts.push(word.clone()),
            _ => names.push(word.clone()),
        }
    }
    let sources: Vec<Option<String>> = if names.is_empty() {
        vec![None]
    } else {
        names.into_iter().map(Some).collect()
    };
    for source in sources {
        let path = source.as_ref().map(|name| shell.path(name));
        let text = match &path {
            None => shell.read_all(),
            Some(path) => {
                if let Some(text) = super::files::known_text(shell, path) {
                    text
                } else {
                    let name = source.unwrap_or_default();
                    shell.err(&format!("sed: {name}: No such file or directory\n"));
                    return 1;
                }
            }
        };
        let mut text = text;
        for script in &scripts {
            if let Some(edited) = edit(&text, script, quiet) {
                text = edited;
            } else {
                shell.world.exact = false;
                shell
                    .world
                    .reason(format!("sed {script:?} is not simulated"));
            }
        }
        match path.filter(|_| in_place) {
            Some(path) => shell.world.files.write(&path, &text),
            None => shell.out(&text),
        }
    }
    0
}

/// Whether a line, by number and text, is addressed.
type Selects = Box<dyn Fn(usize, &str) -> bool>;

fn edit(text: &str, script: &str, quiet: bool) -> Option<String> {
    let script = script.trim();
    if let Some(body) = script.strip_prefix('s') {
        let delimiter = body.chars().next()?;
        let mut parts = split_unescaped(body.get(delimiter.len_utf8()..)?, delimiter).into_iter();
        let (from, to, flags) = (parts.next()?, parts.next()?, parts.next()?);
        return text
            .split_inclusive('\n')
            .map(|line| substitute(line, &from, &to, flags.contains('g')))
            .collect::<Option<String>>();
    }
    let command = script.chars().last()?;
    let address = script.get(..script.len() - command.len_utf8())?.trim();
    let selects: Selects = if let Ok(number) = address.parse::<usize>() {
        Box::new(move |n, _| n == number)
    } else {
        let pattern = address.strip_prefix('/')?.strip_suffix('/')?.to_owned();
        Box::new(move |_, line| regex::search(&pattern, line).unwrap_or(false))
    };
    let lines = text.split_inclusive('\n').enumerate();
    match command {
        'd' => Some(
            lines
                .filter(|(n, l)| !selects(n + 1, l.trim_end_matches('\n')))
                .map(|(_, l)| l)
                .collect(),
        ),
        'p' if quiet => Some(
            lines
                .filter(|(n, l)| selects(n + 1, l.trim_end_matches('\n')))
                .map(|(_, l)| l)
                .collect(),
        ),
        _ => None,
    }
}

fn split_unescaped(text: &str, delimiter: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        let last = parts.last_mut();
        match (c, last) {
            ('\\', Some(last)) => {
                let next = characters.next();
                if next != Some(delimiter) {
                    last.push('\\');
                }
                last.extend(next);
            }
            (c, _) if c == delimiter => parts.push(String::new()),
            (c, Some(last)) => last.push(c),
            (_, None) => {}
        }
    }
    parts
}

/// Replaces matches in one line: plain text, or the shortest-ended place of a pattern.
fn substitute(line: &str, from: &str, to: &str, all: bool) -> Option<String> {
    let is_plain =
        !from.contains(['*', '[', '(', '+', '?', '^', '$', '|', '{', '\\']) && !from.contains('.');
    let dots =
        from.contains('.') && !from.contains(['*', '[', '(', '+', '?', '^', '$', '|', '{', '\\']);
    let to = to.replace("\\n", "\n");
    if is_plain || (dots && line.contains(from)) {
        return Some(if all {
            line.replace(from, &to)
        } else {
            line.replacen(from, &to, 1)
        });
    }
    let body = line.trim_end_matches('\n');
    if to.contains(['\\', '&']) || body.len() > 300 {
        return None;
    }
    let end = &line[body.len()..];
    let boundaries: Vec<usize> = body
        .char_indices()
        .map(|(at, _)| at)
        .chain([body.len()])
        .collect();
    let anchored = format!(
        "^(?:{})$",
        from.trim_start_matches('^').trim_end_matches('$')
    );
    for start in &boundaries {
        if from.starts_with('^') && *start > 0 {
            break;
        }
        for stop in boundaries.iter().rev().filter(|stop| *stop >= start) {
            if from.ends_with('$') && *stop < body.len() {
                break;
            }
            if regex::search(&anchored, &body[*start..*stop])? {
                return Some(format!("{}{to}{}{end}", &body[..*start], &body[*stop..]));
            }
        }
    }
    Some(line.to_owned())
}

fn cut(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let joined: Vec<String> = arguments.to_vec();
    let value = |letter: char| -> Option<String> {
        joined.iter().enumerate().find_map(|(at, a)| {
            let rest = a.strip_prefix(&format!("-{letter}"))?;
            if rest.is_empty() {
                joined.get(at + 1).cloned()
            } else {
                Some(rest.to_owned())
            }
        })
    };
    let text = if shell.has_input() {
        shell.read_all()
    } else {
        String::new()
    };
    let delimiter = value('d').unwrap_or_else(|| "\t".to_owned());
    let spec = value('f')
        .or_else(|| value('c'))
        .or_else(|| value('b'))
        .unwrap_or_else(|| "1".to_owned());
    let (from, to) = if let Some((a, b)) = spec.split_once('-') {
        (
            a.parse().unwrap_or(1_usize),
            b.parse().unwrap_or(usize::MAX),
        )
    } else {
        let n = spec.parse().unwrap_or(1_usize);
        (n, n)
    };
    let take = |count: usize| to.min(count).saturating_sub(from.max(1) - 1);
    let mut out = String::new();
    for line in text.lines() {
        if value('f').is_some() {
            let fields: Vec<&str> = line.split(delimiter.as_str()).collect();
            if fields.len() == 1 {
                out.push_str(line);
            } else {
                let chosen: Vec<&str> = fields
                    .iter()
                    .skip(from.max(1) - 1)
                    .take(take(fields.len()))
                    .copied()
                    .collect();
                out.push_str(&chosen.join(&delimiter));
            }
        } else {
            out.extend(
                line.chars()
                    .skip(from.max(1) - 1)
                    .take(take(line.chars().count())),
            );
        }
        out.push('\n');
    }
    shell.out(&out);
    0
}

fn translate(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let text = shell.read_all();
    let delete = arguments.first().is_some_and(|a| a == "-d");
    let sets: Vec<Vec<char>> = arguments
        .iter()
        .filter(|a| !a.starts_with('-') || a.len() == 1)
        .map(|a| set(a))
        .collect();
    let out: String = match (delete, sets.as_slice()) {
        (true, [from, ..]) => text.chars().filter(|c| !from.contains(c)).collect(),
        (false, [from, to, ..]) => text
            .chars()
            .map(|c| match from.iter().position(|f| *f == c) {
                Some(at) => to.get(at).or(to.last()).copied().unwrap_or(c),
                None => c,
            })
            .collect(),
        _ => text,
    };
    shell.out(&out);
    0
}

fn set(text: &str) -> Vec<char> {
    let text = super::builtins::unescape(text);
    let text = text
        .replace("[:upper:]", "A-Z")
        .replace("[:lower:]", "a-z")
        .replace("[:digit:]", "0-9");
    let characters: Vec<char> = text.chars().collect();
    let mut result = Vec::new();
    let mut at = 0;
    while let Some(c) = characters.get(at) {
        if let (Some('-'), Some(end)) = (characters.get(at + 1), characters.get(at + 2)) {
            result.extend((*c..=*end).take(256));
            at += 3;
        } else {
            result.push(*c);
            at += 1;
        }
    }
    result
}

fn ends(shell: &mut Shell<'_, '_>, program: &str, arguments: &[String]) -> i32 {
    let mut count = 10;
    let mut names = Vec::new();
    let mut bytes = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let flag = word.strip_prefix('-');
        match flag {
            Some("n") => count = words.next().and_then(|n| n.parse().ok()).unwrap_or(10),
            Some("c") => {
                bytes = true;
                count = words.next().and_then(|n| n.parse().ok()).unwrap_or(10);
            }
            Some(rest) => {
                bytes |= rest.starts_with('c');
                count = rest.trim_start_matches(['n', 'c']).parse().unwrap_or(count);
            }
            None => names.push(word.clone()),
        }
    }
    let text = input(shell, &names);
    let out: String = if bytes {
        text.chars().take(count).collect()
    } else {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        if program == "head" {
            lines.iter().take(count).copied().collect()
        } else {
            lines
                .iter()
                .skip(lines.len().saturating_sub(count))
                .copied()
                .collect()
        }
    };
    shell.out(&out);
    0
}

fn count(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let text = input(shell, arguments);
    let has = |letter: &str| arguments.iter().any(|a| a == letter);
    let number = if has("-l") {
        text.matches('\n').count()
    } else if has("-w") {
        text.split_whitespace().count()
    } else {
        text.len()
    };
    shell.out(&format!("{number}\n"));
    0
}

fn order(shell: &mut Shell<'_, '_>, program: &str, arguments: &[String]) -> i32 {
    let text = input(shell, arguments);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    match program {
        "sort" => {
            lines.sort();
            if arguments.iter().any(|a| a.contains('r')) {
                lines.reverse();
            }
            if arguments.iter().any(|a| a.starts_with("-u")) {
                lines.dedup();
            }
        }
        "uniq" => lines.dedup(),
        "tac" => lines.reverse(),
        _ => lines = lines.iter().map(|l| l.chars().rev().collect()).collect(),
    }
    let out: String = lines.iter().flat_map(|l| [l.as_str(), "\n"]).collect();
    shell.out(&out);
    0
}

fn sequence(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let numbers: Vec<i64> = arguments.iter().filter_map(|a| a.parse().ok()).collect();
    let (from, step, to) = match numbers.as_slice() {
        [to] => (1, 1, *to),
        [from, to] => (*from, 1, *to),
        [from, step, to, ..] => (*from, (*step).max(1), *to),
        [] => return 1,
    };
    let mut out = String::new();
    let mut n = from;
    while n <= to && out.len() < 65_536 {
        let _ = writeln!(out, "{n}");
        n = n.saturating_add(step);
    }
    shell.out(&out);
    0
}

fn xargs(shell: &mut Shell<'_, '_>, arguments: &[String]) -> Done {
    let text = shell.read_all();
    let mut at = 0;
    let mut placeholder = None;
    let mut each = usize::MAX;
    while let Some(flag) = arguments.get(at).filter(|a| a.starts_with('-')) {
        match flag.as_str() {
            "-I" => {
                placeholder = arguments.get(at + 1).cloned();
                at += 2;
            }
            "-n" | "-L" => {
                each = arguments
                    .get(at + 1)
                    .and_then(|n| n.parse().ok())
                    .unwrap_or(1)
                    .max(1);
                at += 2;
            }
            "-P" | "-d" => at += 2,
            other => {
                if let Some(n) = other.strip_prefix("-n").and_then(|n| n.parse().ok()) {
                    each = n;
                }
                at += 1;
            }
        }
    }
    let command: Vec<String> = match arguments.get(at..) {
        Some(words) if !words.is_empty() => words.to_vec(),
        _ => vec!["echo".to_owned()],
    };
    let items: Vec<String> = text
        .split_whitespace()
        .take(1_000)
        .map(str::to_owned)
        .collect();
    let mut status = 0;
    let calls: Vec<Vec<String>> = match placeholder {
        Some(mark) => text
            .lines()
            .take(1_000)
            .map(|line| command.iter().map(|w| w.replace(&mark, line)).collect())
            .collect(),
        None if items.is_empty() && arguments.iter().any(|a| a == "-r") => Vec::new(),
        None if items.is_empty() => vec![command],
        None => items
            .chunks(each.min(items.len()))
            .map(|chunk| {
                command
                    .iter()
                    .cloned()
                    .chain(chunk.iter().cloned())
                    .collect()
            })
            .collect(),
    };
    for call in calls {
        if let Some((name, rest)) = call.split_first()
            && shell.invoke(name, rest)? != 0
        {
            status = 123;
        }
    }
    Ok(status)
}
