//! What several rules ask about the commands of RUN. This is no shell: it looks for words, and is
//! content to miss what is written in an unusual way.

use crate::dockerfile::{Instruction, Kind};
use crate::rules::{BuildFacts, WrittenStage};

/// Variables that BuildKit sets by itself for the platform that is built.
pub(super) const TARGET_VARIABLES: [&str; 4] =
    ["TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT"];

/// The text that RUN gives to a shell or executes, heredocs included.
pub(super) fn script(instruction: &Instruction) -> String {
    let mut text = match &instruction.kind {
        Kind::Run(run) => {
            let words = run.command.words.iter().map(|word| word.text.as_str());
            words.collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    };
    for heredoc in &instruction.heredocs {
        text.push('\n');
        text.push_str(&heredoc.content);
    }
    text
}

/// Automatic platform variables that a RUN in shell form reads and does not set itself.
pub(super) fn platform_variables(instruction: &Instruction) -> Vec<&'static str> {
    let Kind::Run(run) = &instruction.kind else {
        return Vec::new();
    };
    if !run.command.shell {
        return Vec::new();
    }
    let text = script(instruction);
    TARGET_VARIABLES
        .into_iter()
        .filter(|name| reads(&text, name) && !text.contains(&format!("{name}=")))
        .collect()
}

/// `$NAME` or `${NAME` outside single quotes. `${NAME:?…}` says itself that it is missing.
fn reads(text: &str, name: &str) -> bool {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '$' if !quoted => {
                let rest = text.get(at + 1..).unwrap_or_default();
                let braced = rest.strip_prefix('{');
                let rest = braced.unwrap_or(rest);
                let after = rest.strip_prefix(name);
                let ends = |after: &str| {
                    !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                        && (braced.is_none()
                            || !after.starts_with([':', '?'])
                            || !after.contains('?'))
                };
                if after.is_some_and(ends) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Whether a stage knows a variable after some of its instructions: by ARG or ENV of its own, or of
/// the stage that it is based on.
pub(super) fn is_declared(
    build: &BuildFacts<'_>,
    stage: &WrittenStage<'_>,
    before: &[Instruction],
    name: &str,
) -> bool {
    if declares(before, name) {
        return true;
    }
    let stages = build.stages();
    let mut stage = *stage;
    for _ in 0..stages.len() {
        let Some(from) = stage.from_kind() else {
            return false;
        };
        let earlier = stages.iter().filter(|other| other.at < stage.at);
        let mut named = earlier.filter(|other| other.name().as_deref() == Some(&from.image.text));
        let Some(base) = named.next_back() else {
            return false;
        };
        if declares(base.body, name) {
            return true;
        }
        stage = *base;
    }
    false
}

fn declares(instructions: &[Instruction], name: &str) -> bool {
    instructions
        .iter()
        .any(|instruction| match &instruction.kind {
            Kind::Arg(arguments) => arguments.iter().any(|arg| arg.key.text == name),
            Kind::Env(pairs) => pairs.iter().any(|pair| pair.key.text == name),
            _ => false,
        })
}

/// Platforms for which a stage runs on another CPU.
pub(super) fn foreign_targets(build: &BuildFacts<'_>, stage: &WrittenStage<'_>) -> Vec<String> {
    build
        .platforms()
        .filter(|(platform, outcome)| {
            let effect = outcome.effect(stage.at);
            effect.is_some_and(|effect| {
                let on = effect.stage_platform.normalised();
                !on.os.is_empty() && on.architecture != platform.architecture
            })
        })
        .map(|(platform, _)| platform.to_string())
        .collect()
}

/// ENV or ARG of the stage choose a compiler's target.
pub(super) fn sets_target(body: &[Instruction]) -> bool {
    ["GOARCH", "CARGO_BUILD_TARGET", "CC"]
        .into_iter()
        .any(|name| declares(body, name))
}

/// A command of the script begins so. Assignments and words such as `then` and `env` may stand
/// before it.
pub(super) fn runs(script: &str, command: &str) -> bool {
    let parts = script.split([';', '&', '|', '\n', '(', '{', '`']);
    parts.into_iter().any(|part| {
        let mut rest = part.trim_start();
        while let Some((word, behind)) = rest.split_once(char::is_whitespace) {
            let is_before = BEFORE_COMMANDS.contains(&word)
                || word.split_once('=').is_some_and(|(name, _)| is_name(name));
            if !is_before {
                break;
            }
            rest = behind.trim_start();
        }
        let name = rest.strip_prefix(command);
        name.is_some_and(|behind| {
            command.ends_with(' ') || behind.is_empty() || behind.starts_with(char::is_whitespace)
        })
    })
}

/// What stands before a command without changing which one it is; a continued line is one too.
const BEFORE_COMMANDS: [&str; 14] = [
    "then", "do", "else", "elif", "if", "while", "until", "!", "time", "exec", "env", "export",
    "sudo", "\\",
];

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The script chooses by the CPU itself.
pub(super) fn branches_on_cpu(text: &str) -> bool {
    [
        "TARGETARCH",
        "TARGETPLATFORM",
        "uname -m",
        "--print-architecture",
        "apk --print-arch",
        "$(arch)",
        "BUILDARCH",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// A CPU's name in a URL or behind a package, and the architecture that it is.
pub(super) fn fixed_cpu(text: &str) -> Option<(&'static str, &'static str)> {
    const NAMES: [(&str, &str); 6] = [
        ("amd64", "amd64"),
        ("x86_64", "amd64"),
        ("linux-x64", "amd64"),
        ("arm64", "arm64"),
        ("aarch64", "arm64"),
        ("armv7", "arm"),
    ];
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';'));
    for word in words {
        let found = NAMES.into_iter().find(|(name, _)| {
            let package = word.strip_suffix(name);
            is_remote(word) && word.contains(name)
                || package.is_some_and(|package| package.ends_with(':') && package.len() > 1)
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// It is fetched from elsewhere.
pub(super) fn is_remote(text: &str) -> bool {
    text.contains("://") || text.starts_with("git@")
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn variables_are_read_outside_single_quotes() {
        for (text, expected) in [
            ("echo $TARGETARCH", true),
            ("echo \"${TARGETARCH}\"", true),
            ("echo '$TARGETARCH'", false),
            ("echo $TARGETARCHX", false),
            ("echo ${TARGETARCH:?missing}", false),
            ("echo ${TARGETARCH:-amd64}", true),
        ] {
            assert_eq!(reads(text, "TARGETARCH"), expected, "{text}");
        }
    }

    #[test]
    fn cpus_are_found_in_urls_and_packages_only() {
        assert_eq!(
            fixed_cpu("curl https://x/tool-x86_64.tgz"),
            Some(("x86_64", "amd64"))
        );
        assert_eq!(
            fixed_cpu("apt-get install libc6:arm64"),
            Some(("arm64", "arm64"))
        );
        assert_eq!(fixed_cpu("echo amd64"), None);
        assert!(runs("cd /x && go build .", "go build"));
        assert!(!runs("cargo build", "go build"));
        assert!(runs("if a; then A=1 B=\"$C\" go build; fi", "go build"));
        assert!(runs("gcc -o a a.c", "gcc "));
        assert!(!runs("apk add clang gcc musl-dev", "gcc "));
        assert!(!runs("go builder", "go build"));
    }
}
