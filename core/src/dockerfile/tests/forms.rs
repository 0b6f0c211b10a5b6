//! What instructions mean once they are read.

use super::*;

/// How a line is put together: the code and the arguments.
#[test]
fn lines_and_arguments() {
    for (line, code, arguments) in [
        ("RUN a  b", "RUN a  b", vec!["a  b"]),
        ("  run\ta ", "run\ta", vec!["a"]),
        ("RUN a \\\n  b", "RUN a   b", vec!["a   b"]),
        ("RUN a\\\nb", "RUN ab", vec!["ab"]),
        ("RUN a \\  \n# no\n  # no\n b", "RUN a  b", vec!["a  b"]),
        ("RUN a \\\r\n b\r\n", "RUN a  b", vec!["a  b"]),
        ("RUN a \\\n\n b", "RUN a  b", vec!["a  b"]),
        ("RUN a \\\\\n", "RUN a \\\\", vec!["a \\\\"]),
        ("RUN a # b", "RUN a # b", vec!["a # b"]),
        ("RUN a \\", "RUN a", vec!["a"]),
        ("RUN \\\n  [\"a\"]", "RUN   [\"a\"]", vec!["a"]),
        (
            "CMD [\"a\", \"b c\"]",
            "CMD [\"a\", \"b c\"]",
            vec!["a", "b c"],
        ),
        (
            r#"CMD ["\u00e9\n\"\ud83d\ude00\ud800x"]"#,
            r#"CMD ["\u00e9\n\"\ud83d\ude00\ud800x"]"#,
            vec!["é\n\"😀\u{fffd}x"],
        ),
        ("CMD [ ]", "CMD [ ]", vec![]),
        ("CMD [\"a\",]", "CMD [\"a\",]", vec!["[\"a\",]"]),
        ("CMD [\"a\\ b\"]", "CMD [\"a\\ b\"]", vec!["[\"a\\ b\"]"]),
        (
            "COPY a\tb  c /d",
            "COPY a\tb  c /d",
            vec!["a", "b", "c", "/d"],
        ),
        ("COPY \"a b\" c", "COPY \"a b\" c", vec!["\"a", "b\"", "c"]),
        (
            "COPY [\"a b\", \"c\"]",
            "COPY [\"a b\", \"c\"]",
            vec!["a b", "c"],
        ),
        (
            "ARG a b=c d=\"e f\"",
            "ARG a b=c d=\"e f\"",
            vec!["a", "b=c", "d=\"e f\""],
        ),
        ("ARG a\u{a0}b", "ARG a\u{a0}b", vec!["a", "b"]),
        (
            "ENV a=b\\ c d='e f'\\",
            "ENV a=b\\ c d='e f'",
            vec!["a=b\\ c", "d='e f'"],
        ),
        (
            "ENV a=\"b\\\"c d\" e=f",
            "ENV a=\"b\\\"c d\" e=f",
            vec!["a=\"b\\\"c d\"", "e=f"],
        ),
        ("ENV a  b = c", "ENV a  b = c", vec!["a", "b = c"]),
        (
            "EXPOSE 90 80/udp 443",
            "EXPOSE 90 80/udp 443",
            vec!["90", "80/udp", "443"],
        ),
        ("WORKDIR a b", "WORKDIR a b", vec!["a b"]),
        (
            "HEALTHCHECK CMD  a b",
            "HEALTHCHECK CMD  a b",
            vec!["CMD", "a b"],
        ),
        ("ONBUILD  RUN a b", "ONBUILD  RUN a b", vec!["RUN", "a b"]),
        (
            "COPY --link --chown=a:b x y",
            "COPY --link --chown=a:b x y",
            vec!["x", "y"],
        ),
    ] {
        let instruction = second(line);
        assert_eq!(instruction.code, code, "{line}");
        assert_eq!(texts(&instruction.arguments), arguments, "{line}");
    }
}

#[test]
fn flags() {
    for (line, want) in [
        (
            "RUN --mount=a --mount=b x",
            vec![("mount", Some("a")), ("mount", Some("b"))],
        ),
        (
            "RUN --mount='type=bind,target=/a b' x",
            vec![("mount", Some("type=bind,target=/a b"))],
        ),
        ("COPY --chown=\"a\\\"b\" x y", vec![("chown", Some("a\"b"))]),
        ("RUN --mount=a\\ b x", vec![("mount", Some("a b"))]),
        ("RUN --mount=a=b x", vec![("mount", Some("a=b"))]),
        // BuildKit reads flags byte by byte.
        ("COPY --chown=é x y", vec![("chown", Some("Ã©"))]),
        (
            "COPY --link \\\n  --from=a x y",
            vec![("link", None), ("from", Some("a"))],
        ),
    ] {
        let instruction = second(line);
        let flags: Vec<_> = instruction
            .flags
            .iter()
            .map(|flag| {
                (
                    flag.name.as_str(),
                    flag.value.as_ref().map(|word| word.text.as_str()),
                )
            })
            .collect();
        assert_eq!(flags, want, "{line}");
    }
}

#[test]
fn heredocs() {
    for (lines, want) in [
        (
            "RUN <<EOF\na\n b\nEOF",
            vec![("EOF", true, false, "a\n b\n")],
        ),
        (
            "RUN <<-EOF\n\ta\n\t\tEOF\n",
            vec![("EOF", true, true, "\ta\n")],
        ),
        ("RUN << 'E F'\na\nE F\n", vec![("E F", false, false, "a\n")]),
        ("RUN <<\"EOF\"\nEOF", vec![("EOF", false, false, "")]),
        ("RUN <<E\\OF\nEOF", vec![("EOF", true, false, "")]),
        (
            "RUN 3<<A cat <<B\na\nA\nb\nB\n",
            vec![("A", true, false, "a\n"), ("B", true, false, "b\n")],
        ),
        (
            "RUN <<EOF\r\na\r\nEOF\r\n",
            vec![("EOF", true, false, "a\r\n")],
        ),
        (
            "RUN <<EOF \\\n && x\na\nEOF",
            vec![("EOF", true, false, "a\n")],
        ),
        ("RUN <<$X\na\n$X\n", vec![("$X", true, false, "a\n")]),
        (
            "RUN <<EOF\n EOF\nEOF \n# c\nEOF\n",
            vec![("EOF", true, false, " EOF\nEOF \n# c\n")],
        ),
        (
            "COPY <<a.txt <<b.txt /x/\n1\na.txt\n2\nb.txt\n",
            vec![("a.txt", true, false, "1\n"), ("b.txt", true, false, "2\n")],
        ),
        ("ADD --chmod=7 <<E /x\nE", vec![("E", true, false, "")]),
        ("ONBUILD RUN <<E\n1\nE", vec![("E", true, false, "1\n")]),
        ("ONBUILD copy <<E /x\n1\nE", vec![("E", true, false, "1\n")]),
    ] {
        let instruction = second(lines);
        let heredocs: Vec<_> = instruction
            .heredocs
            .iter()
            .map(|doc| {
                (
                    doc.name.as_str(),
                    doc.expand,
                    doc.chomp,
                    doc.content.as_str(),
                )
            })
            .collect();
        assert_eq!(heredocs, want, "{lines}");
    }
}

#[test]
fn inline_files() {
    let Kind::Copy(copy) = second("COPY a <<-X <<'Y' b /d\n\t1\nX\n$2\nY\n").kind else {
        panic!("a COPY");
    };
    assert_eq!(texts(&copy.sources), ["a", "b"]);
    assert_eq!(copy.destination.text, "/d");
    let files: Vec<_> = copy
        .files
        .iter()
        .map(|file| (file.name.as_str(), file.data.as_str(), file.expand))
        .collect();
    assert_eq!(files, [("X", "1\n", true), ("Y", "$2\n", false)]);
}

#[test]
fn typed() {
    let from = accepted("from --platform=$BUILDPLATFORM a:1 As Build-2").instructions;
    let Some(Kind::From(from)) = from.first().map(|one| &one.kind) else {
        panic!("a FROM");
    };
    assert_eq!(from.stage_name().as_deref(), Some("build-2"));
    assert_eq!(
        from.as_keyword.as_ref().map(|word| word.text.as_str()),
        Some("As")
    );
    assert_eq!(
        from.platform.as_ref().map(|word| word.text.as_str()),
        Some("$BUILDPLATFORM")
    );

    let Kind::Add(add) =
        second("ADD --keep-git-dir=false --unpack --exclude=a --exclude=b x y").kind
    else {
        panic!("an ADD");
    };
    assert_eq!(
        (add.keep_git_dir, add.unpack, add.link),
        (Some(false), Some(true), false)
    );
    assert_eq!(texts(&add.excludes), ["a", "b"]);

    let Kind::Expose(ports) = second("EXPOSE 90 80 443").kind else {
        panic!("an EXPOSE");
    };
    assert_eq!(texts(&ports), ["443", "80", "90"]);

    let test = "HEALTHCHECK --interval=5s --timeout=1m --retries=3 cmd [\"a\"]";
    let Kind::Healthcheck(Healthcheck::Test {
        test,
        interval,
        timeout,
        retries,
        ..
    }) = second(test).kind
    else {
        panic!("a HEALTHCHECK");
    };
    assert_eq!(test, ["CMD", "a"]);
    assert_eq!(
        (interval, timeout, retries),
        (5_000_000_000, 60_000_000_000, 3)
    );

    let Kind::Env(pairs) = second("ENV  A b c").kind else {
        panic!("an ENV");
    };
    assert_eq!(
        (pairs[0].key.text.as_str(), pairs[0].value.text.as_str()),
        ("A", "b c")
    );
    assert!(pairs[0].legacy);

    let Kind::Run(run) =
        second("RUN --network=host --security=insecure --device=x,required y").kind
    else {
        panic!("a RUN");
    };
    assert_eq!(
        (run.network, run.security),
        (Network::Host, Security::Insecure)
    );
    assert_eq!(
        run.devices,
        [Device {
            name: "x".to_owned(),
            required: true
        }]
    );
}

#[test]
fn onbuild() {
    for (line, want) in [
        ("ONBUILD RUN  a ", "RUN  a "),
        ("onbuild\tcopy --link a b", "copy --link a b"),
        ("ONBUILD RUN a \\\n b", "RUN a  b"),
        (
            "ONBUILD RUN <<A cat <<B\n1\nA\n2\nB\n",
            "RUN <<A cat <<B\n1\nA\n2\nB",
        ),
    ] {
        let Kind::Onbuild(onbuild) = second(line).kind else {
            panic!("an ONBUILD");
        };
        assert_eq!(onbuild.expression, want, "{line}");
        let trigger = parse_trigger(&onbuild.expression).unwrap();
        assert_eq!(
            trigger.arguments.len(),
            onbuild.inner.arguments.len(),
            "{line}"
        );
    }
    for (trigger, want) in [
        (
            "COPY a",
            "COPY requires at least two arguments, but only one was provided. \
                    Destination could not be determined",
        ),
        ("RUNN", "unknown instruction: RUNN (did you mean RUN?)"),
        (
            "RUN a\nRUN b",
            "onbuild trigger should be a single expression",
        ),
        ("", "file with no instructions"),
        ("FROM a", "*instructions.Stage is not a command type"),
        ("ENV a", "ENV must have two arguments"),
    ] {
        assert_eq!(
            parse_trigger(trigger).map(|_| ()),
            Err(want.to_owned()),
            "{trigger}"
        );
    }
}

#[test]
fn directives_and_escape() {
    let text = "\u{feff}# syntax = docker/dockerfile:1 \r\n#Escape=`\r\n# check=skip=all\nFROM a\nRUN a `\n b\\\nRUN ``\n";
    let dockerfile = accepted(text);
    let found: Vec<_> = dockerfile
        .directives
        .iter()
        .map(|one| (one.name, one.value.text.as_str(), one.line))
        .collect();
    assert_eq!(
        found,
        [
            (DirectiveName::Syntax, "docker/dockerfile:1", 1),
            (DirectiveName::Escape, "`", 2),
            (DirectiveName::Check, "skip=all", 3),
        ]
    );
    assert_eq!(dockerfile.escape, Escape::Backtick);
    let codes: Vec<_> = dockerfile
        .instructions
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(codes, ["FROM a", "RUN a  b\\", "RUN ``"]);
}

#[test]
fn comments_above() {
    for (above, want) in [
        ("# a\n#b\n", vec!["a", "b"]),
        ("# a\n\n# b\n", vec!["a", "b"]),
        ("# a\n#\n# b\n", vec!["b"]),
        ("  # a\n", vec!["# a"]),
        ("# check=skip=X\n", vec!["check=skip=X"]),
        ("RUN x\n# a\n", vec!["a"]),
        ("# a\nRUN x\n", vec![]),
        ("RUN x \\\n# a\n y\n", vec![]),
    ] {
        let text = format!("FROM a\n{above}RUN z");
        let dockerfile = accepted(&text);
        let last = dockerfile.instructions.last().unwrap();
        assert_eq!(last.comments, want, "{above}");
    }
    let first = accepted("# syntax=a\n# b\nFROM a");
    assert_eq!(first.instructions[0].comments, ["b"]);
    assert_eq!(first.comments.len(), 1);
}

#[test]
fn stages() {
    let dockerfile = accepted("ARG a\nARG b\nFROM x\nRUN 1\nRUN 2\nFROM y\nFROM z\nRUN 3\n");
    assert_eq!(dockerfile.preamble().len(), 2);
    let sizes: Vec<_> = dockerfile
        .stages()
        .iter()
        .map(|stage| stage.len())
        .collect();
    assert_eq!(sizes, [3, 1, 2]);
    assert!(accepted("ARG a").stages().is_empty());
}

#[test]
fn bytes() {
    let (text, dockerfile, problems) = parse_bytes(b"FROM a\nRUN \xff\n");
    assert_eq!(
        (text.as_str(), problems.len()),
        ("FROM a\nRUN \u{fffd}\n", 0)
    );
    assert_eq!(dockerfile.instructions.len(), 2);
}
