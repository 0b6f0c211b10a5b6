//! Tables for `.dockerignore` and COPY sources.

use super::*;

#[test]
fn paths_are_cleaned() {
    for (path, want) in [
        ("", "."),
        (".", "."),
        ("./a//b/", "a/b"),
        ("a/../..", ".."),
        ("a/./b/../c", "a/c"),
        ("/", "/"),
        ("/../a", "/a"),
        ("//a", "/a"),
        ("../../a", "../../a"),
    ] {
        assert_eq!(clean(path), want, "{path}");
    }
}

#[test]
fn excluded_paths() {
    for (patterns, excluded, kept) in [
        ("a", vec!["a", "a/b", "a/b/c"], vec!["ab", "b/a"]),
        ("/a/", vec!["a", "a/b"], vec!["b/a"]),
        ("./a", vec!["a"], vec![]),
        ("*", vec!["a", "a/b", ".git"], vec![]),
        ("*.log", vec!["x.log", ".log"], vec!["a/x.log", "x.logs"]),
        ("*/*.log", vec!["a/x.log"], vec!["x.log", "a/b/x.log"]),
        (
            "**/*.log",
            vec!["x.log", "a/x.log", "a/b/x.log"],
            vec!["x.logs"],
        ),
        ("**", vec!["a", "a/b"], vec![]),
        ("**/x", vec!["x", "a/x", "a/x/y"], vec!["ax", "a/xy"]),
        ("**x", vec!["x", "ax", "a/x"], vec!["xa"]),
        ("a/**", vec!["a/b", "a/b/c"], vec!["a", "ab"]),
        (
            "a/**/b",
            vec!["a/b", "a/x/b", "a/x/y/b"],
            vec!["a", "ab", "a/xb"],
        ),
        ("a**", vec!["a", "ab", "a/b"], vec!["ba"]),
        ("**/a/**", vec!["a/b", "x/a/b"], vec!["a"]),
        ("a?c", vec!["abc"], vec!["ac", "a/c"]),
        ("[a-c]x", vec!["ax", "cx"], vec!["dx"]),
        ("[^a-c]x", vec!["dx"], vec!["ax"]),
        (r"a\*", vec!["a*"], vec!["ab"]),
        (r"\d*", vec!["1x"], vec!["dx"]),
        (r"a\b", vec!["a", "a/x"], vec!["b", "a\\b"]),
        ("a|b", vec!["a|b"], vec!["a", "b"]),
        ("a*|b", vec!["ax", "xb", "a"], vec!["bx"]),
        ("a^*", vec![], vec!["a^", "a"]),
        ("*.{js,ts}", vec!["x.{js,ts}"], vec!["x.js"]),
        ("a.b(c)", vec!["a.b(c)"], vec!["axb(c)"]),
        ("*\n!keep", vec!["a", "keep2"], vec!["keep", "keep/x"]),
        ("*\n!a/b", vec!["a/c", "a"], vec!["a/b", "a/b/c"]),
        ("!a\n*", vec!["a"], vec![]),
        (
            "*.md\n!README*.md\nREADME-secret.md",
            vec!["x.md", "README-secret.md"],
            vec!["README.md"],
        ),
        ("# a\n  b  \n\n#c", vec!["b"], vec!["# a", "#c", "a"]),
        (" #a", vec!["#a"], vec!["a"]),
        ("\u{feff}a\r\nb\r\n", vec!["a", "b"], vec![]),
        ("! a\na\n", vec!["a"], vec![]),
        ("a\n! a\n", vec![], vec!["a"]),
        ("x/../a", vec!["a"], vec!["x"]),
    ] {
        let ignore = Ignore::parse(patterns).unwrap();
        for path in excluded {
            assert!(ignore.excludes(path), "{patterns:?} should exclude {path}");
            assert!(!ignore.keeps(path), "{patterns:?} should not keep {path}");
        }
        for path in kept {
            assert!(
                !ignore.excludes(path),
                "{patterns:?} should not exclude {path}"
            );
            assert!(ignore.keeps(path), "{patterns:?} should keep {path}");
        }
    }
}

/// A directory remembers which patterns matched it, so the two questions can differ.
#[test]
fn the_walk_and_the_question_differ() {
    let ignore = Ignore::parse("a\n!a/b\na").unwrap();
    assert!(ignore.excludes("a/b"));
    assert!(ignore.keeps("a/b"));
}

#[test]
fn bad_lines() {
    let long = format!("a\n{}", "x".repeat(70_000));
    for (text, line, message) in [
        ("a\n[", 2, "syntax error in pattern"),
        ("a[]", 1, "syntax error in pattern"),
        ("[a-", 1, "syntax error in pattern"),
        ("[a", 1, "syntax error in pattern"),
        ("\\", 1, "syntax error in pattern"),
        ("\n\n!", 3, "illegal exclusion pattern: \"!\""),
        (
            &long,
            2,
            "failed to read dockerignore patterns: failed parsing .dockerignore: \
             bufio.Scanner: token too long",
        ),
    ] {
        let error = Ignore::parse(text).unwrap_err();
        assert_eq!((error.line, error.to_string()), (line, message.to_owned()));
    }
}

#[test]
fn ignored_sources() {
    for (patterns, source, want) in [
        ("a", "a", Some("a")),
        ("a", "./a/", Some("a")),
        ("a", "a/b", Some("a/b")),
        ("a", "b", None),
        ("a", ".", None),
        ("*", ".", Some(".")),
        ("*", "/", Some("/")),
        ("*", "/a", Some("/a")),
        ("a", "/a", None),
        ("/", "/a", Some("/a")),
        ("**", "/", Some("/")),
        ("a\n!b", "a", None),
        ("", "a", None),
    ] {
        let ignore = Ignore::parse(patterns).unwrap();
        assert_eq!(
            ignore.ignored_source(source).as_deref(),
            want,
            "{patterns:?} {source}"
        );
    }
}

#[test]
fn globs() {
    for (pattern, name, want) in [
        ("a", "a", Ok(true)),
        ("*", "a/b", Ok(false)),
        ("*/b", "a/b", Ok(true)),
        ("a*b*c", "aXbYbZc", Ok(true)),
        ("a*b", "ab/b", Ok(false)),
        ("", "", Ok(true)),
        ("?", "", Ok(false)),
        ("[]a]", "]", Err(BadPattern)),
        ("[\\]a]", "]", Ok(true)),
        ("[^x]", "y", Ok(true)),
        ("[a-]", "a", Err(BadPattern)),
        ("é?", "éè", Ok(true)),
    ] {
        assert_eq!(glob_matches(pattern, name), want, "{pattern} {name}");
    }
}

#[test]
fn sources_of_copy() {
    let files = [
        "go.mod",
        "go.sum",
        "cmd/a/main.go",
        "cmd/b/main.go",
        "README.md",
    ];
    for (source, want) in [
        (
            ".",
            vec![
                "go.mod",
                "go.sum",
                "cmd/a/main.go",
                "cmd/b/main.go",
                "README.md",
            ],
        ),
        (
            "/",
            vec![
                "go.mod",
                "go.sum",
                "cmd/a/main.go",
                "cmd/b/main.go",
                "README.md",
            ],
        ),
        ("go.*", vec!["go.mod", "go.sum"]),
        ("cmd", vec!["cmd/a/main.go", "cmd/b/main.go"]),
        ("./cmd/*/", vec!["cmd/a/main.go", "cmd/b/main.go"]),
        ("cmd/*/main.go", vec!["cmd/a/main.go", "cmd/b/main.go"]),
        ("../go.mod", vec!["go.mod"]),
        ("*.go", vec![]),
    ] {
        assert_eq!(sources(source, &files), Ok(want), "{source}");
    }
    assert_eq!(sources("[", &files), Err(BadPattern));
}
