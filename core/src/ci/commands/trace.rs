//! Commands of a script that is only read: most are written down, those that only turn text into
//! text are run, and those that name the CPU answer for the machine of the stage.

use super::{builtins, text};
use crate::ci::shell::{Done, Flow, Shell};
use crate::ci::trace::{Certainty, UNKNOWN};
use crate::platform::Platform;

/// Text in, text out.
const FILTERS: [&str; 14] = [
    "basename", "cut", "dirname", "egrep", "grep", "head", "rev", "sed", "seq", "sort", "tac",
    "tail", "tr", "uniq",
];

/// Run another command whose name stands in their arguments.
const WRAPPERS: [&str; 9] = [
    "command", "env", "exec", "nice", "nohup", "retry", "sudo", "time", "timeout",
];

/// `None` where the command runs as in a job.
pub(super) fn run(shell: &mut Shell<'_, '_>, name: &str, arguments: &[String]) -> Option<Done> {
    shell.world.trace.as_ref()?;
    shell.set_certainty(Certainty::Sure);
    let program = name.rsplit('/').next().unwrap_or(name);
    let first = arguments.first().map_or("", String::as_str);
    match program {
        "cd" | "pushd" => {
            let path = match first {
                "" => shell.variables.get("HOME").unwrap_or("/root").to_owned(),
                "-" => shell.variables.get("OLDPWD").unwrap_or("/").to_owned(),
                other => shell.path(other),
            };
            let old = shell.directory().to_owned();
            shell.variables.set("OLDPWD", old);
            shell.change_directory(&path);
            Some(Ok(0))
        }
        "popd" => {
            let path = shell.variables.get("OLDPWD").unwrap_or("/").to_owned();
            shell.change_directory(&path);
            Some(Ok(0))
        }
        "test" | "[" => {
            shell.weigh_words(arguments);
            None
        }
        "type" | "which" | "hash" => Some(Ok(unknown(shell))),
        "command" if first.starts_with("-v") || first.starts_with("-V") => Some(Ok(unknown(shell))),
        "sleep" | "wait" => Some(Ok(0)),
        "exit" if shell.world.trace.as_ref().is_some_and(|t| t.doubt > 0) => {
            Some(Err(Flow::Exit(first.parse().unwrap_or(0))))
        }
        "sh" | "bash" | "ash" | "dash" if runs_text(arguments) => None,
        _ if WRAPPERS.contains(&program) => None,
        "source" | "." => Some(Ok(note(shell, name, arguments))),
        _ if FILTERS.contains(&program) => Some(filter(shell, program, arguments)),
        "cat" if arguments.is_empty() && shell.has_input() => None,
        _ => match machine_answer(shell, program, arguments) {
            Some(answer) => {
                shell.out(&format!("{answer}\n"));
                Some(Ok(0))
            }
            None if is_builtin(program) => None,
            None => Some(Ok(note(shell, name, arguments))),
        },
    }
}

/// `sh -c TEXT`.
fn runs_text(arguments: &[String]) -> bool {
    let flags = arguments.iter().take_while(|a| a.starts_with('-'));
    flags
        .into_iter()
        .any(|a| !a.starts_with("--") && a.contains('c'))
}

fn is_builtin(program: &str) -> bool {
    builtins::NAMES.contains(&program)
}

fn note(shell: &mut Shell<'_, '_>, name: &str, arguments: &[String]) -> i32 {
    shell.note_call(name, arguments, 0);
    match printed(shell, name, arguments) {
        Some(text) => shell.out(&text),
        None => shell.out(&format!("{UNKNOWN}\n")),
    }
    touch(shell, name, arguments);
    shell.set_certainty(Certainty::Assumed);
    0
}

/// What `cat` prints of files whose text is known.
fn printed(shell: &Shell<'_, '_>, name: &str, arguments: &[String]) -> Option<String> {
    let trace = shell.world.trace.as_ref().filter(|_| name == "cat")?;
    let texts = arguments.iter().map(|name| trace.text(&shell.path(name)));
    texts.collect()
}

/// Whatever a command names it may have changed.
fn touch(shell: &mut Shell<'_, '_>, name: &str, arguments: &[String]) {
    if matches!(name, "cat" | "ls" | "chmod" | "chown" | "wc" | "file") {
        return;
    }
    for argument in arguments {
        let path = shell.path(argument.rsplit('=').next().unwrap_or(argument));
        if let Some(trace) = &mut shell.world.trace {
            trace.touch(&path);
        }
    }
}

fn unknown(shell: &mut Shell<'_, '_>) -> i32 {
    shell.out(&format!("{UNKNOWN}\n"));
    shell.set_certainty(Certainty::Unsure);
    0
}

/// Runs if all that it reads is known, and is modelled to the letter.
fn filter(shell: &mut Shell<'_, '_>, program: &str, arguments: &[String]) -> Done {
    let known = !arguments.iter().any(|a| a.contains(UNKNOWN));
    let from_names = matches!(program, "basename" | "dirname" | "seq");
    let in_place = program == "sed" && arguments.iter().any(|a| a.starts_with("-i"));
    let reads = shell
        .input
        .as_ref()
        .is_some_and(|text| !text.contains(UNKNOWN));
    if in_place || !known || !(from_names || reads) {
        shell.note_call(program, arguments, 0);
        if in_place || !known {
            touch(shell, program, arguments);
        }
        shell.out(&format!("{UNKNOWN}\n"));
        shell.set_certainty(Certainty::Unsure);
        return Ok(0);
    }
    let was_exact = std::mem::replace(&mut shell.world.exact, true);
    let mark = shell.sinks.last().map_or(0, Vec::len);
    let done = if from_names && program != "seq" {
        super::files::run(shell, program, arguments)
    } else {
        text::run(shell, program, arguments)
    };
    if !std::mem::replace(&mut shell.world.exact, was_exact) {
        if let Some(sink) = shell.sinks.last_mut() {
            sink.truncate(mark);
        }
        return Ok(unknown(shell));
    }
    done.unwrap_or(Ok(0))
}

/// What programs say that are asked for the CPU.
fn machine_answer(shell: &Shell<'_, '_>, program: &str, arguments: &[String]) -> Option<String> {
    let first = arguments.first().map_or("", String::as_str);
    let last = arguments.last().map_or("", String::as_str);
    let stage = shell.world.trace.as_ref()?.machine.clone();
    let answer = |name: fn(&Platform) -> Option<&'static str>| {
        let name = stage.as_ref().and_then(name);
        Some(name.map_or_else(|| UNKNOWN.to_string(), str::to_owned))
    };
    match (program, first) {
        ("uname", "" | "-s") => Some("Linux".to_owned()),
        ("uname", "-m" | "-p" | "-i" | "--machine") | ("arch", "") => answer(uname),
        ("dpkg", "--print-architecture") => answer(debian),
        ("apk", "--print-arch") => answer(alpine),
        ("dpkg-architecture", _) if last.ends_with("_ARCH") => answer(debian),
        ("go", "env") if matches!(last, "GOARCH" | "GOHOSTARCH") => {
            let set = shell.variables.exported("GOARCH").filter(|v| !v.is_empty());
            match set.filter(|_| last == "GOARCH") {
                Some(set) => Some(set.to_owned()),
                None => answer(go),
            }
        }
        ("xx-info", what) => {
            let target = shell.variables.exported("TARGETPLATFORM");
            let target = match target {
                Some(text) => text.parse::<Platform>().ok().map(|p| p.normalised()),
                None => stage,
            };
            let found = target.as_ref().and_then(|platform| match what {
                "arch" => Some(platform.architecture.clone()),
                "os" => Some(platform.os.clone()),
                "march" => uname(platform).map(str::to_owned),
                "debian-arch" => debian(platform).map(str::to_owned),
                "alpine-arch" => alpine(platform).map(str::to_owned),
                _ => None,
            });
            Some(found.unwrap_or_else(|| UNKNOWN.to_string()))
        }
        _ => None,
    }
}

fn go(platform: &Platform) -> Option<&'static str> {
    pick(
        platform,
        [
            "amd64", "arm64", "arm", "arm", "386", "ppc64le", "s390x", "riscv64",
        ],
    )
}

fn uname(platform: &Platform) -> Option<&'static str> {
    // 32-bit programs on a 64-bit kernel are told of the kernel, or not, as the machine is set up.
    let names = [
        "x86_64", "aarch64", "", "", "", "ppc64le", "s390x", "riscv64",
    ];
    pick(platform, names).filter(|name| !name.is_empty())
}

fn debian(platform: &Platform) -> Option<&'static str> {
    pick(
        platform,
        [
            "amd64", "arm64", "armhf", "armel", "i386", "ppc64el", "s390x", "riscv64",
        ],
    )
}

fn alpine(platform: &Platform) -> Option<&'static str> {
    pick(
        platform,
        [
            "x86_64", "aarch64", "armv7", "armhf", "x86", "ppc64le", "s390x", "riscv64",
        ],
    )
}

fn pick(platform: &Platform, names: [&'static str; 8]) -> Option<&'static str> {
    let at = match (platform.architecture.as_str(), platform.variant.as_str()) {
        ("amd64", _) => 0,
        ("arm64", _) => 1,
        ("arm", "v7" | "") => 2,
        ("arm", _) => 3,
        ("386", _) => 4,
        ("ppc64le", _) => 5,
        ("s390x", _) => 6,
        ("riscv64", _) => 7,
        _ => return None,
    };
    names.get(at).copied()
}
