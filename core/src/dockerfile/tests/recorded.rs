//! BuildKit's own answers to generated inputs, as `recorded/README.md` describes them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::dockerfile::context::Ignore;
use crate::dockerfile::words::Lexer;

fn rows(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text_of<'v>(row: &'v Value, key: &str) -> &'v str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn files() {
    for row in rows(include_str!("recorded/files.jsonl")) {
        let text = text_of(&row, "t");
        let (dockerfile, problems) = parse(text);
        let error = problems.first().map(ParseProblem::text).unwrap_or_default();
        assert_eq!(error, text_of(&row, "err"), "{text}");
        if row.get("lines").is_none() {
            continue;
        }
        let all = &dockerfile.instructions;
        let lines: Vec<_> = all
            .iter()
            .map(|one| (one.start_line, one.end_line))
            .collect();
        assert_eq!(json!(lines), row["lines"], "{text}");
        let flags: Vec<Vec<_>> = all
            .iter()
            .map(|one| one.flags.iter().map(flag).collect())
            .collect();
        assert_eq!(json!(flags), row["flags"], "{text}");
        let comments: Vec<_> = all.iter().map(|one| &one.comments).collect();
        assert_eq!(json!(comments), row["comments"], "{text}");
        let blank: Vec<_> = dockerfile
            .empty_continuations
            .iter()
            .map(|one| one.line)
            .collect();
        assert_eq!(json!(blank), row["blank"], "{text}");
        for (index, want) in row["commands"].as_array().unwrap().iter().enumerate() {
            let refused = problems
                .iter()
                .find(|one| one.instruction == Some(index) && one.phase == Phase::Instruction);
            let got = refused.map_or_else(|| command(&all[index]), |one| json!(one.message));
            assert_eq!(got, *want, "{text}");
        }
    }
}

fn flag(flag: &Flag) -> String {
    match &flag.value {
        Some(value) => format!("--{}={}", flag.name, value.text),
        None => format!("--{}", flag.name),
    }
}

fn text(word: Option<&Word>) -> &str {
    word.map(|word| word.text.as_str()).unwrap_or_default()
}

/// An instruction in the form of the records.
fn command(one: &Instruction) -> Value {
    match &one.kind {
        Kind::From(from) => {
            let name = from.stage_name().unwrap_or_default();
            json!([
                "FROM",
                name,
                from.image.text,
                text(from.platform.as_ref()),
                one.code
            ])
        }
        Kind::Add(add) => json!([
            "ADD",
            paths(add),
            text(add.chown.as_ref()),
            text(add.chmod.as_ref()),
            add.link,
            texts(&add.excludes),
            add.keep_git_dir,
            text(add.checksum.as_ref()),
            add.unpack,
            one.code
        ]),
        Kind::Copy(copy) => json!([
            "COPY",
            paths(copy),
            text(copy.from.as_ref()),
            text(copy.chown.as_ref()),
            text(copy.chmod.as_ref()),
            copy.link,
            copy.parents,
            texts(&copy.excludes),
            one.code
        ]),
        Kind::Env(pairs) => json!(["ENV", pairs.iter().map(pair).collect::<Vec<_>>()]),
        Kind::Label(pairs) => json!(["LABEL", pairs.iter().map(pair).collect::<Vec<_>>()]),
        Kind::Arg(args) => {
            let args = args
                .iter()
                .map(|arg| (&arg.key.text, arg.value.as_ref().map(|v| &v.text)));
            json!(["ARG", args.collect::<Vec<_>>()])
        }
        Kind::Run(run) => {
            let from = |word: &Word| mount::from(&word.text).unwrap().unwrap_or_default();
            let devices = run
                .devices
                .iter()
                .map(|device| (&device.name, device.required));
            json!([
                "RUN",
                texts(&run.command.words),
                run.command.shell,
                run.mounts.iter().map(from).collect::<Vec<_>>(),
                run.network.as_str(),
                run.security.as_str(),
                devices.collect::<Vec<_>>()
            ])
        }
        Kind::Cmd(cmd) => json!(["CMD", texts(&cmd.words), cmd.shell]),
        Kind::Entrypoint(cmd) => json!(["ENTRYPOINT", texts(&cmd.words), cmd.shell]),
        Kind::Shell(words) => json!(["SHELL", texts(words)]),
        Kind::Healthcheck(Healthcheck::None) => json!(["HEALTHCHECK", ["NONE"], 0, 0, 0, 0, 0]),
        Kind::Healthcheck(Healthcheck::Test {
            test,
            interval,
            timeout,
            start_period,
            start_interval,
            retries,
        }) => json!([
            "HEALTHCHECK",
            test,
            interval,
            timeout,
            start_period,
            start_interval,
            retries
        ]),
        Kind::Expose(ports) => json!(["EXPOSE", texts(ports)]),
        Kind::Volume(volumes) => json!(["VOLUME", texts(volumes)]),
        Kind::Onbuild(onbuild) => json!(["ONBUILD", onbuild.expression]),
        Kind::Workdir(word) => json!(["WORKDIR", word.text]),
        Kind::User(word) => json!(["USER", word.text]),
        Kind::Stopsignal(word) => json!(["STOPSIGNAL", word.text]),
        Kind::Maintainer(word) => json!(["MAINTAINER", word.text]),
        Kind::Invalid => Value::Null,
    }
}

fn pair(pair: &Pair) -> (&str, &str, bool) {
    (&pair.key.text, &pair.value.text, pair.legacy)
}

fn paths(transfer: &Transfer) -> Vec<Value> {
    let sources = transfer.sources.iter().map(|word| json!(word.text));
    let files = transfer
        .files
        .iter()
        .map(|file| json!([file.name, file.data, file.expand]));
    std::iter::once(json!(transfer.destination.text))
        .chain(sources)
        .chain(files)
        .collect()
}

#[test]
fn words() {
    let variables = BTreeMap::from([
        ("A", "a b"),
        ("B", "aXbXc"),
        ("D", "$0x"),
        ("EMPTY", ""),
        ("N", "one\ntwo o"),
        ("P", "src/lib/main.tar.gz"),
        ("S", "*/"),
    ]);
    for row in rows(include_str!("recorded/words.jsonl")) {
        let on = |switch: &str| row["switches"].as_array().unwrap().contains(&json!(switch));
        let lexer = Lexer {
            escape: if on("tick") {
                Escape::Backtick
            } else {
                Escape::Backslash
            },
            raw_quotes: on("rq"),
            raw_escapes: on("re"),
            skip_quotes: on("sq"),
            skip_unset: on("su"),
        };
        let processed = lexer.split(text_of(&row, "text"), &variables);
        match &processed.text {
            Ok(text) => {
                assert_eq!(text, text_of(&row, "result"), "{row}");
                assert_eq!(json!(processed.words), row["words"], "{row}");
            }
            Err(error) => assert_eq!(error.to_string(), text_of(&row, "err"), "{row}"),
        }
        assert_eq!(json!(processed.matched.len()), row["matched"], "{row}");
        assert_eq!(json!(processed.unmatched.len()), row["unmatched"], "{row}");
    }
}

#[test]
fn mounts() {
    for row in rows(include_str!("recorded/mounts.jsonl")) {
        let value = text_of(&row, "m");
        let mount = mount::from(value)
            .and_then(|_| mount::Mount::parse(value, &mut |word| Ok(word.to_owned())));
        match mount {
            Err(error) => assert_eq!(error.to_string(), text_of(&row, "err"), "{value}"),
            Ok(mount) => {
                let sharing = mount
                    .sharing
                    .map(mount::Sharing::as_str)
                    .unwrap_or_default();
                let got = json!([
                    mount.kind.as_str(),
                    mount.from,
                    mount.source,
                    mount.target,
                    mount.read_only,
                    mount.size_limit,
                    mount.id,
                    sharing,
                    mount.required,
                    mount.env,
                    mount.mode,
                    mount.uid,
                    mount.gid
                ]);
                assert_eq!(got, row["mount"], "{value}");
            }
        }
    }
}

/// The paths that every record was asked about.
const PATHS: [&str; 33] = [
    "a",
    "b",
    "ab",
    "a/b",
    "a/b/c",
    "b/a",
    "x.log",
    "a/x.log",
    "b/c/x.log",
    "a*",
    "a.b",
    "ac",
    "c/b",
    "é",
    "(",
    "a/é",
    "abc",
    "b/ab",
    "a/b/x.log",
    "..",
    "../a",
    ".a",
    "-",
    "^",
    "]",
    "#",
    "]a",
    "a]",
    "a b",
    "+",
    "a$",
    "a{",
    "a|b",
];

#[test]
fn ignores() {
    for row in rows(include_str!("recorded/ignores.jsonl")) {
        let ignore = match Ignore::parse(text_of(&row, "i")) {
            Ok(ignore) => ignore,
            Err(error) => {
                assert_eq!(error.to_string(), text_of(&row, "err"), "{row}");
                continue;
            }
        };
        let excluded: Vec<_> = PATHS
            .into_iter()
            .filter(|path| ignore.excludes(path))
            .collect();
        assert_eq!(json!(excluded), row["excluded"], "{row}");
        let walk: Vec<_> = PATHS
            .into_iter()
            .filter(|path| !ignore.keeps(path))
            .collect();
        assert_eq!(
            json!(walk),
            *row.get("walk").unwrap_or(&row["excluded"]),
            "{row}"
        );
    }
}
