//! Lines and spans.

use super::*;
use crate::diagnostic::Span;

#[test]
fn lines() {
    let text = "# c\nFROM a\n\nRUN a \\\n# c\n\n  b\nRUN <<A\n1\nA\n\nCOPY <<B \\\n /x\n2\nB\n";
    let dockerfile = accepted(text);
    let lines: Vec<_> = dockerfile
        .instructions
        .iter()
        .map(|one| (one.start_line, one.end_line))
        .collect();
    assert_eq!(lines, [(2, 2), (4, 7), (8, 10), (12, 15)]);
    let blanks: Vec<_> = dockerfile
        .empty_continuations
        .iter()
        .map(|one| one.line)
        .collect();
    assert_eq!(blanks, [7]);
    let comments: Vec<_> = dockerfile.comments.iter().map(|one| one.line).collect();
    assert_eq!(comments, [1, 5]);
}

/// Each token's span holds its text, joined lines and decoded words apart.
#[test]
fn tokens() {
    let text = "FROM --platform=x  a \\\n  AS b\nENV A=\"b c\" \\\n  D=e\nCMD [\"x\", \"é\"]\nCOPY --chown='u' s /d\nHEALTHCHECK --retries=3 CMD z\nONBUILD WORKDIR /w\n";
    let dockerfile = accepted(text);
    let mut spans: Vec<Span> = Vec::new();
    for instruction in &dockerfile.instructions {
        spans.push(instruction.keyword.span);
        for flag in &instruction.flags {
            spans.push(flag.span);
            spans.extend(flag.value.as_ref().map(|word| word.span));
        }
        spans.extend(instruction.arguments.iter().map(|word| word.span));
    }
    let found: Vec<_> = spans.iter().map(|span| span.of(text)).collect();
    assert_eq!(
        found,
        [
            "FROM",
            "--platform=x",
            "x",
            "a",
            "AS",
            "b",
            "ENV",
            "A=\"b c\"",
            "D=e",
            "CMD",
            "\"x\"",
            "\"é\"",
            "COPY",
            "--chown='u'",
            "'u'",
            "s",
            "/d",
            "HEALTHCHECK",
            "--retries=3",
            "3",
            "CMD",
            "z",
            "ONBUILD",
            "WORKDIR",
            "/w",
        ]
    );
    let Kind::Env(pairs) = &dockerfile.instructions[1].kind else {
        panic!("an ENV");
    };
    assert_eq!(pairs[1].key.span.of(text), "D");
    assert_eq!(pairs[1].value.span.of(text), "e");
}

#[test]
fn heredocs() {
    let text = "FROM a\nRUN <<-A\n\t1\n\tA\nRUN x";
    let dockerfile = accepted(text);
    let run = &dockerfile.instructions[1];
    assert_eq!(run.span.of(text), "RUN <<-A\n\t1\n\tA");
    assert_eq!(run.heredocs[0].span.of(text), "\t1\n");
    assert_eq!(run.heredocs[0].end.of(text), "\tA");
    assert_eq!(run.heredocs[0].chomped(), "1\n");
}

#[test]
fn problems() {
    for (text, want) in [
        ("FROM a\nRUNN x", "RUNN"),
        ("FROM a\nCOPY --form=b x y", "--form=b"),
        ("FROM a\nENV a=b \\\n  c", "c"),
        ("FROM a AS 1b", "1b"),
        ("# escape=x\nFROM a", "x"),
        ("FROM a\nRUN --mount=from=$A x", "from=$A"),
        ("FROM a\nRUN <<EOF\n", "RUN <<EOF"),
    ] {
        let (_, problems) = parse(text);
        assert_eq!(problems[0].span.of(text), want, "{text}");
    }
}
