//! The shell's own commands.

use crate::ci::shell::{Done, Flow, Shell};

/// Builtins that a script which is only read runs all the same.
pub(super) const NAMES: &[&str] = &[
    ":",
    "true",
    "false",
    "wait",
    "umask",
    "ulimit",
    "alias",
    "unalias",
    "shopt",
    "echo",
    "printf",
    "pwd",
    "export",
    "readonly",
    "local",
    "declare",
    "typeset",
    "unset",
    "set",
    "shift",
    "read",
    "eval",
    "exit",
    "return",
    "break",
    "continue",
    "trap",
    "builtin",
    "let",
    "mapfile",
    "readarray",
    "exec",
    "command",
];

/// `None` if the name is no builtin.
pub(super) fn run(shell: &mut Shell<'_, '_>, name: &str, arguments: &[String]) -> Option<Done> {
    let number = |default: i32| {
        arguments
            .first()
            .and_then(|a| a.parse::<i32>().ok())
            .unwrap_or(default)
    };
    let first = arguments.first().map_or("", String::as_str);
    Some(match name {
        ":" | "true" | "wait" | "umask" | "ulimit" | "hash" | "alias" | "unalias" | "shopt"
        | "disown" | "jobs" | "kill" | "stty" => Ok(0),
        "false" => Ok(1),
        "echo" => Ok(echo(shell, arguments)),
        "printf" => Ok(printf(shell, arguments)),
        "cd" => Ok(change_directory(shell, first)),
        "pwd" => {
            let text = format!("{}\n", shell.directory());
            shell.out(&text);
            Ok(0)
        }
        "export" | "readonly" | "local" | "declare" | "typeset" => {
            Ok(declare(shell, name, arguments))
        }
        "unset" => {
            for name in arguments.iter().filter(|a| !a.starts_with('-')) {
                shell.variables.unset(name);
            }
            Ok(0)
        }
        "set" => Ok(set(shell, arguments)),
        "shift" => {
            let count = usize::try_from(number(1))
                .unwrap_or(0)
                .min(shell.variables.positional.len());
            shell.variables.positional.drain(..count);
            shell.variables.revision += 1;
            Ok(0)
        }
        "read" => Ok(read(shell, arguments)),
        "eval" => shell.evaluate(&arguments.join(" ")),
        "source" | "." => source(shell, first),
        "exit" => Err(Flow::Exit(number(shell.status))),
        "return" => Err(Flow::Return(number(shell.status))),
        "break" => Err(Flow::Break(u32::try_from(number(1)).unwrap_or(1).max(1))),
        "continue" => Err(Flow::Continue(u32::try_from(number(1)).unwrap_or(1).max(1))),
        "trap" => {
            if arguments.iter().skip(1).any(|s| s == "EXIT" || s == "0") {
                shell.exit_trap = (first != "-").then(|| first.to_owned());
            }
            Ok(0)
        }
        "test" => Ok(super::test::test(shell, arguments)),
        "[" => Ok(super::test::test(
            shell,
            arguments
                .strip_suffix(&["]".to_owned()])
                .unwrap_or(arguments),
        )),
        "let" => {
            let script = format!("(( {} ))", arguments.join(" , "));
            shell.evaluate(&script)
        }
        "type" => Ok(locate(shell, arguments, true)),
        "which" => Ok(locate(shell, arguments, false)),
        "command" | "builtin" if first == "-v" || first == "-V" => {
            Ok(locate(shell, arguments.get(1..).unwrap_or_default(), false))
        }
        "exec" if arguments.is_empty() => Ok(0),
        "exec" => {
            let rest = arguments.get(1..).unwrap_or_default().to_vec();
            match shell.invoke(first, &rest) {
                Ok(status) => Err(Flow::Exit(status)),
                Err(flow) => Err(flow),
            }
        }
        "mapfile" | "readarray" => {
            let lines: Vec<String> = shell.read_all().lines().map(str::to_owned).collect();
            let name = arguments
                .last()
                .cloned()
                .unwrap_or_else(|| "MAPFILE".to_owned());
            shell.variables.set_array(&name, lines);
            Ok(0)
        }
        "sleep" => {
            let seconds: f64 = arguments.iter().map(|a| duration(a)).sum();
            shell.world.pass(seconds);
            if shell.world.clock > shell.world.time_limit {
                return Some(Err(Flow::TimeLimit));
            }
            Ok(0)
        }
        _ => return None,
    })
}

/// `5`, `1.5`, `2m`, `infinity`.
fn duration(text: &str) -> f64 {
    let (number, factor) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(rest) if text.ends_with('m') => (rest, 60.0),
        Some(rest) if text.ends_with('h') => (rest, 3_600.0),
        Some(rest) if text.ends_with('d') => (rest, 86_400.0),
        Some(rest) => (rest, 1.0),
        None if text == "infinity" => return 1e9,
        None => (text, 1.0),
    };
    number
        .parse::<f64>()
        .ok()
        .filter(|n| n.is_finite() && *n >= 0.0)
        .unwrap_or(0.0)
        * factor
}

fn echo(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let mut line_break = true;
    // Busybox's and dash's echo interpret escapes by themselves; bash's wants -e.
    let mut escapes = !shell.world.has_bash;
    let mut at = 0;
    while let Some(flag) = arguments.get(at) {
        let letters = flag
            .strip_prefix('-')
            .filter(|l| !l.is_empty() && l.chars().all(|c| "neE".contains(c)));
        let Some(letters) = letters else { break };
        for letter in letters.chars() {
            match letter {
                'n' => line_break = false,
                'e' => escapes = true,
                _ => escapes = false,
            }
        }
        at += 1;
    }
    let mut text = arguments.get(at..).unwrap_or_default().join(" ");
    if escapes {
        text = unescape(&text);
    }
    if line_break {
        text.push('\n');
    }
    shell.out(&text);
    0
}

pub(super) fn unescape(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            result.push(c);
            continue;
        }
        match characters.next() {
            Some('n') => result.push('\n'),
            Some('t') => result.push('\t'),
            Some('r') => result.push('\r'),
            Some('e') => result.push('\u{1b}'),
            Some('\\') => result.push('\\'),
            Some(other) => {
                result.push('\\');
                result.push(other);
            }
            None => result.push('\\'),
        }
    }
    result
}

/// `%s`, `%d`, `%q`, `%b`, `%%`; the format is used again while arguments are left.
fn printf(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let (target, arguments) = match arguments {
        [flag, name, rest @ ..] if flag == "-v" => (Some(name.clone()), rest),
        [flag, rest @ ..] if flag == "--" => (None, rest),
        other => (None, other),
    };
    let Some((format, values)) = arguments.split_first() else {
        return 2;
    };
    let mut values = values.iter();
    let mut text = String::new();
    loop {
        let mut used = false;
        let mut characters = format.chars().peekable();
        while let Some(c) = characters.next() {
            if c == '%' {
                let mut spec = String::new();
                while characters
                    .peek()
                    .is_some_and(|c| "-+ #0123456789.*".contains(*c))
                {
                    spec.extend(characters.next());
                }
                match characters.next() {
                    Some('%') => text.push('%'),
                    Some('s' | 'd' | 'i' | 'u' | 'q' | 'x' | 'f' | 'c') => {
                        used = true;
                        let value = values.next().map_or("", String::as_str);
                        pad(&mut text, value, &spec);
                    }
                    Some('b') => {
                        used = true;
                        text.push_str(&unescape(values.next().map_or("", String::as_str)));
                    }
                    Some(other) => text.push(other),
                    None => text.push('%'),
                }
            } else if c == '\\' {
                let mut pair = String::from(c);
                pair.extend(characters.next());
                text.push_str(&unescape(&pair));
            } else {
                text.push(c);
            }
        }
        if !used || values.len() == 0 || text.len() > 65_536 {
            break;
        }
    }
    match target {
        Some(name) => shell.variables.set(&name, text),
        None => shell.out(&text),
    }
    0
}

fn pad(text: &mut String, value: &str, spec: &str) {
    let width: usize = spec
        .trim_start_matches(['-', '0'])
        .split('.')
        .next()
        .unwrap_or("")
        .parse()
        .unwrap_or(0);
    let missing = width.min(200).saturating_sub(value.chars().count());
    let fill = if spec.starts_with('0') { "0" } else { " " };
    if spec.starts_with('-') {
        text.push_str(value);
        text.push_str(&" ".repeat(missing));
    } else {
        text.push_str(&fill.repeat(missing));
        text.push_str(value);
    }
}

fn change_directory(shell: &mut Shell<'_, '_>, to: &str) -> i32 {
    let path = match to {
        "" => shell.variables.get("HOME").unwrap_or("/root").to_owned(),
        "-" => shell.variables.get("OLDPWD").unwrap_or("/").to_owned(),
        other => shell.path(other),
    };
    if !shell.world.files.is_directory(&path) {
        let prefix = shell.prefix();
        let words = if shell.world.has_bash {
            format!("{prefix}cd: {to}: No such file or directory\n")
        } else {
            format!("{prefix}cd: can't cd to {to}: No such file or directory\n")
        };
        shell.err(&words);
        return if shell.world.has_bash { 1 } else { 2 };
    }
    let old = shell.directory().to_owned();
    shell.variables.set("OLDPWD", old);
    shell.change_directory(&path);
    0
}

fn declare(shell: &mut Shell<'_, '_>, name: &str, arguments: &[String]) -> i32 {
    let exports = name == "export"
        || arguments
            .iter()
            .any(|a| a.starts_with('-') && a.contains('x'));
    let is_array = arguments
        .iter()
        .any(|a| a.starts_with('-') && (a.contains('a') || a.contains('A')));
    if is_array && let Some(at) = arguments.iter().position(|a| a.ends_with('=')) {
        let name = arguments[at].trim_end_matches('=').to_owned();
        shell
            .variables
            .set_array(&name, arguments[at + 1..].to_vec());
        return 0;
    }
    for word in arguments.iter().filter(|a| !a.starts_with('-')) {
        let key = match word.split_once('=') {
            Some((key, value)) => {
                shell.variables.set(key, value);
                key
            }
            None => word,
        };
        if exports {
            shell.variables.export(key);
        }
    }
    0
}

fn set(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let Some(sign) = word.chars().next().filter(|c| "+-".contains(*c)) else {
            shell.variables.positional = std::iter::once(word.clone())
                .chain(words.by_ref().cloned())
                .collect();
            break;
        };
        let on = sign == '-';
        if word == "--" {
            shell.variables.positional = words.by_ref().cloned().collect();
            break;
        }
        for letter in word.chars().skip(1) {
            match letter {
                'e' => shell.options.errexit = on,
                'u' => shell.options.nounset = on,
                'x' => shell.options.xtrace = on,
                'o' => match words.next().map(String::as_str) {
                    Some("pipefail") => shell.options.pipefail = on,
                    Some("errexit") => shell.options.errexit = on,
                    Some("nounset") => shell.options.nounset = on,
                    Some("xtrace") => shell.options.xtrace = on,
                    _ => {}
                },
                _ => {}
            }
        }
    }
    0
}

fn read(shell: &mut Shell<'_, '_>, arguments: &[String]) -> i32 {
    let mut names = Vec::new();
    let mut words = arguments.iter();
    let mut array = false;
    while let Some(word) = words.next() {
        match word.as_str() {
            "-d" | "-n" | "-p" | "-t" | "-u" => {
                words.next();
            }
            "-a" | "-ra" => array = true,
            flag if flag.starts_with('-') => array |= flag.contains('a'),
            name => names.push(name.to_owned()),
        }
    }
    let line = shell.read_line();
    let status = i32::from(line.is_none());
    let line = line.unwrap_or_default();
    let separators = shell.variables.get("IFS").unwrap_or(" \t").to_owned();
    let is_blank = separators.trim().is_empty();
    let mut fields: Vec<&str> = if is_blank {
        line.split(|c: char| separators.contains(c))
            .filter(|f| !f.is_empty())
            .collect()
    } else {
        line.split(|c: char| separators.contains(c)).collect()
    };
    if array {
        let items = fields.iter().map(|f| (*f).to_owned()).collect();
        if let Some(name) = names.first() {
            shell.variables.set_array(name, items);
        }
        return status;
    }
    if names.is_empty() {
        names.push("REPLY".to_owned());
    }
    let last = names.len() - 1;
    let mut rest = line.as_str();
    for (at, name) in names.iter().enumerate() {
        let value = if at == last {
            let joined = if last == 0 {
                line.trim_matches(|c: char| is_blank && separators.contains(c))
            } else {
                rest.trim_matches(|c: char| separators.contains(c))
            };
            joined.to_owned()
        } else if fields.is_empty() {
            String::new()
        } else {
            let field = fields.remove(0);
            let end = rest.find(field).map_or(0, |n| n + field.len());
            rest = rest.get(end..).unwrap_or_default();
            rest = rest
                .strip_prefix(|c: char| separators.contains(c))
                .unwrap_or(rest);
            field.to_owned()
        };
        shell.variables.set(name, value);
    }
    status
}

fn source(shell: &mut Shell<'_, '_>, name: &str) -> Done {
    let path = shell.path(name);
    let Some(file) = shell.world.files.get(&path) else {
        let prefix = shell.prefix();
        shell.err(&format!("{prefix}{name}: No such file or directory\n"));
        return Err(Flow::Exit(1));
    };
    if file.bytes.is_none() {
        return Ok(super::assume(shell, name));
    }
    let text = shell.world.files.text(&path).unwrap_or_default();
    match shell.evaluate(&text) {
        Err(Flow::Return(status)) => Ok(status),
        other => other,
    }
}

/// `command -v`, `which` and `type`.
fn locate(shell: &mut Shell<'_, '_>, names: &[String], verbose: bool) -> i32 {
    let mut status = 0;
    for name in names.iter().filter(|n| !n.starts_with('-')) {
        let present = shell.has_function(name)
            || shell.world.tools.has(name) == Some(true)
            || shell.world.files.is_file(&format!("/usr/local/bin/{name}"))
            || matches!(
                name.as_str(),
                "echo" | "cd" | "test" | "[" | "printf" | "read" | "set" | "export"
            );
        if present {
            let text = if verbose {
                format!("{name} is /usr/bin/{name}\n")
            } else {
                format!("/usr/bin/{name}\n")
            };
            shell.out(&text);
        } else {
            status = 1;
        }
    }
    status
}
