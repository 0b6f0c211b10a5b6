//! Proposals in a Dockerfile: instructions, flags, platforms, stages, images and variables.

use super::{Choice, Completions, PLATFORMS, before};
use crate::bases::{official_repositories, official_tags};
use crate::dockerfile::Keyword;

/// Arguments that BuildKit sets for each platform.
const AUTOMATIC: [(&str, &str); 8] = [
    (
        "TARGETPLATFORM",
        "The platform that is being built, such as linux/arm64.",
    ),
    ("TARGETOS", "Its operating system."),
    ("TARGETARCH", "Its CPU, such as arm64."),
    (
        "TARGETVARIANT",
        "The CPU's variant, such as v7; often empty.",
    ),
    (
        "BUILDPLATFORM",
        "The platform of the builder, which runs programs at full speed.",
    ),
    ("BUILDOS", "The builder's operating system."),
    ("BUILDARCH", "The builder's CPU."),
    ("BUILDVARIANT", "The variant of the builder's CPU."),
];

pub(super) fn complete(text: &str, at: usize, asked: bool) -> Option<(Completions, &str)> {
    let head = before(text, at);
    let line = head.rsplit('\n').next().unwrap_or_default();
    if let Some(found) = directive(head, line) {
        return Some(found);
    }
    if line.trim_start().starts_with('#') {
        return None;
    }
    let instruction = instruction(head);
    let trimmed = instruction.trim_start();
    let Some((keyword, rest)) = trimmed.split_once([' ', '\t']) else {
        if trimmed.is_empty() && !asked {
            return None;
        }
        let names = Keyword::ALL.map(|keyword| Choice::new(keyword.as_str(), "", "").then(" "));
        return Some(list(head, trimmed, names.to_vec()));
    };
    let word = rest.rsplit([' ', '\t', '\n']).next().unwrap_or_default();
    if let Some(found) = variable(head, word) {
        return Some(found);
    }
    let keyword = Keyword::find(keyword)?;
    if let Some((flag, value)) = word.split_once('=')
        && flag.starts_with("--")
    {
        return flag_value(head, keyword, flag, value);
    }
    if word.starts_with('-') {
        let options = flags(keyword)
            .iter()
            .map(|(name, info)| Choice::new(name, "flag", info));
        return Some(list(head, word, options.collect()));
    }
    let is_first = !rest
        .split_whitespace()
        .any(|one| one != word && !one.starts_with("--"));
    match keyword {
        Keyword::From if is_first && (asked || !word.is_empty()) => Some(images(head, word)),
        Keyword::Arg if asked || !word.is_empty() => {
            let automatic =
                AUTOMATIC.map(|(name, info)| Choice::new(name, "set by BuildKit", info));
            Some(list(head, word, automatic.to_vec()))
        }
        _ => None,
    }
}

fn list<'a>(head: &str, word: &'a str, options: Vec<Choice>) -> (Completions, &'a str) {
    let from = head.len() - word.len();
    (Completions { from, options }, word)
}

/// The instruction that the text ends in, with the lines that it continues.
fn instruction(head: &str) -> &str {
    let mut start = head.rfind('\n').map_or(0, |at| at + 1);
    while start > 0 {
        let above = &head[..start - 1];
        if !above.trim_end().ends_with('\\') {
            break;
        }
        start = above.rfind('\n').map_or(0, |at| at + 1);
    }
    &head[start..]
}

/// The first line may choose the frontend.
fn directive<'a>(head: &str, line: &'a str) -> Option<(Completions, &'a str)> {
    if head.contains('\n') || !line.starts_with('#') {
        return None;
    }
    let syntax = Choice::new(
        "# syntax=docker/dockerfile:1",
        "directive",
        "Builds with the newest stable Dockerfile frontend, whatever the builder has.",
    );
    let checks = Choice::new(
        "# check=error=true",
        "directive",
        "Makes the build's own checks fail it.",
    );
    Some(list(head, line, vec![syntax, checks]))
}

/// After `$` or `${`: what was declared above, and what BuildKit sets.
fn variable<'a>(head: &str, word: &'a str) -> Option<(Completions, &'a str)> {
    let name = &word[word.rfind('$')? + 1..];
    let name = name.strip_prefix('{').unwrap_or(name);
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return None;
    }
    let mut options: Vec<Choice> = Vec::new();
    for line in head.lines() {
        let mut words = line.split_whitespace();
        let keyword = words.next().and_then(Keyword::find);
        if !matches!(keyword, Some(Keyword::Arg | Keyword::Env)) {
            continue;
        }
        for word in words {
            let declared = word.split('=').next().unwrap_or_default();
            if !declared.is_empty() && options.iter().all(|known| known.label != declared) {
                options.push(Choice::new(declared, "declared above", ""));
            }
        }
    }
    for (automatic, info) in AUTOMATIC {
        if options.iter().all(|known| known.label != automatic) {
            options.push(Choice::new(automatic, "set by BuildKit", info));
        }
    }
    Some(list(head, name, options))
}

fn flags(keyword: Keyword) -> &'static [(&'static str, &'static str)] {
    const FROM: (&str, &str) = (
        "--from=",
        "Copies from a stage or an image instead of the context.",
    );
    const CHOWN: (&str, &str) = ("--chown=", "Owner and group of what is copied.");
    const CHMOD: (&str, &str) = ("--chmod=", "Permissions of what is copied.");
    const LINK: (&str, &str) = (
        "--link",
        "A layer of its own, which stays valid when the base changes.",
    );
    const EXCLUDE: (&str, &str) = ("--exclude=", "Leaves out what matches.");
    match keyword {
        Keyword::From => &[(
            "--platform=",
            "Which platform's image to take; $BUILDPLATFORM runs at the builder's full speed.",
        )],
        Keyword::Copy => &[
            FROM,
            CHOWN,
            CHMOD,
            LINK,
            ("--parents", "Keeps the folders of the sources."),
            EXCLUDE,
        ],
        Keyword::Add => &[
            CHOWN,
            CHMOD,
            LINK,
            ("--checksum=", "Digest that a download must have."),
            EXCLUDE,
        ],
        Keyword::Run => &[
            (
                "--mount=",
                "Mounts a cache, a secret, or files of a stage for this step alone.",
            ),
            ("--network=", "default, none or host."),
            ("--security=", "sandbox or insecure."),
        ],
        Keyword::Healthcheck => &[
            ("--interval=", ""),
            ("--timeout=", ""),
            ("--start-period=", ""),
            ("--retries=", ""),
        ],
        _ => &[],
    }
}

fn flag_value<'a>(
    head: &str,
    keyword: Keyword,
    flag: &str,
    value: &'a str,
) -> Option<(Completions, &'a str)> {
    let names = |names: &[&str], detail| -> Vec<Choice> {
        names
            .iter()
            .map(|name| Choice::new(name, detail, ""))
            .collect()
    };
    match (keyword, flag) {
        (Keyword::From, "--platform") => {
            let mut options = vec![
                Choice::new(
                    "$BUILDPLATFORM",
                    "the builder's",
                    "Programs run natively; they must then produce files for the target.",
                )
                .then(" "),
                Choice::new(
                    "$TARGETPLATFORM",
                    "the target's",
                    "What holds without the flag.",
                ),
            ];
            options.extend(names(&PLATFORMS, "platform"));
            Some(list(head, value, options))
        }
        (Keyword::Copy, "--from") => Some(images(head, value)),
        (Keyword::Run, "--network") => {
            Some(list(head, value, names(&["default", "none", "host"], "")))
        }
        (Keyword::Run, "--security") => {
            Some(list(head, value, names(&["sandbox", "insecure"], "")))
        }
        (Keyword::Run, "--mount") => {
            let part = value.rsplit(',').next().unwrap_or_default();
            let keys: &[&str] = if value.contains(',') {
                &["target=", "from=", "id=", "source=", "sharing=", "required"]
            } else {
                &[
                    "type=cache,target=",
                    "type=bind,target=",
                    "type=secret,id=",
                    "type=ssh",
                    "type=tmpfs,target=",
                ]
            };
            Some(list(head, part, names(keys, "mount")))
        }
        _ => None,
    }
}

/// Stages above, then the official images, or their tags after a colon.
fn images<'a>(head: &str, word: &'a str) -> (Completions, &'a str) {
    let mut options: Vec<Choice> = stages(head)
        .into_iter()
        .map(|name| Choice::new(&name, "stage above", "").then(" "))
        .collect();
    if let Some((repository, _)) = word.split_once(':') {
        let tags = official_tags(repository);
        options.extend(
            tags.iter()
                .map(|tag| Choice::new(&format!("{repository}:{tag}"), "official image", "")),
        );
    } else {
        options.extend(
            official_repositories().map(|name| Choice::new(name, "official image", "").then(":")),
        );
        options.push(Choice::new(
            "scratch",
            "nothing at all",
            "An empty image: what is copied must bring all that it needs.",
        ));
    }
    list(head, word, options)
}

fn stages(head: &str) -> Vec<String> {
    let stage = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_from = words.first().copied().and_then(Keyword::find) == Some(Keyword::From);
        let at = words
            .iter()
            .position(|word| word.eq_ignore_ascii_case("as"))?;
        let name = words.get(at + 1).filter(|_| is_from)?;
        Some((*name).to_owned())
    };
    head.lines().filter_map(stage).collect()
}
