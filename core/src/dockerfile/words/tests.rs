//! Tables of words: what they expand to, how they split, and what is refused.

use std::collections::BTreeMap;

use super::*;

fn variables() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("HOME", "/root"),
        ("EMPTY", ""),
        ("SPACED", " a  b "),
        ("FILE", "src/lib/main.tar.gz"),
        ("STARS", "a*b*c"),
        ("LINES", "one\ntwo"),
        ("PAT", "*/"),
        ("MONEY", "$0-$"),
        ("NAMÉ", "é"),
    ])
}

fn expand(lexer: Lexer, text: &str) -> String {
    match lexer.word(text, &variables()) {
        Ok(text) => text,
        Err(error) => format!("! {error}"),
    }
}

#[test]
fn expansion() {
    for (text, want) in [
        ("plain", "plain"),
        ("", ""),
        ("$HOME/x", "/root/x"),
        ("${HOME}x", "/rootx"),
        ("$HOMEx", ""),
        ("a$", "a$"),
        ("a$.b", "a$.b"),
        ("$1a $10a", "a a"),
        ("$@$*$#$?$-$$$!$0", ""),
        ("$NAMÉ!", "é!"),
        (r"\$HOME", "$HOME"),
        (r"\\$HOME", r"\/root"),
        (r"a\", "a"),
        (r"\a\ b", "a b"),
        ("'$HOME'", "$HOME"),
        (r"'a\'", r"a\"),
        (r#""$HOME""#, "/root"),
        (r#""a\"b\$c\\d\e""#, r#"a"b$c\d\e"#),
        (r#""it's""#, "it's"),
        (r#"a'b "c'd"e 'f"g"#, r#"ab "cde 'fg"#),
        ("< << <<<  x", "< << <<<  x"),
        ("\u{feff}x", "x"),
        // Modifiers.
        ("${NO:-x}${NO-y}", "xy"),
        ("${EMPTY:-x}|${EMPTY-y}", "x|"),
        ("${HOME:-x}${HOME-y}", "/root/root"),
        ("${NO:+x}${NO+y}", ""),
        ("${EMPTY:+x}|${EMPTY+y}", "|y"),
        ("${HOME:+x}${HOME+y}", "xy"),
        ("${HOME:?no}${HOME?no}${EMPTY?no}", "/root/root"),
        ("${NO:-${NO2:-$HOME}}", "/root"),
        (r#"${NO:-"a}b"}"#, "a}b"),
        (r"${NO:-a\}b}", "a}b"),
        ("${1:-x}${@:-y}", "xy"),
        // Patterns.
        ("${FILE#*/}", "lib/main.tar.gz"),
        ("${FILE##*/}", "main.tar.gz"),
        ("${FILE%.*}", "src/lib/main.tar"),
        ("${FILE%%.*}", "src/lib/main"),
        ("${FILE#s?c}", "/lib/main.tar.gz"),
        ("${FILE#nothing}", "src/lib/main.tar.gz"),
        ("${FILE%gz}", "src/lib/main.tar."),
        (
            "${FILE#}${FILE##}",
            "src/lib/main.tar.gzsrc/lib/main.tar.gz",
        ),
        ("${NO#x}", ""),
        (r"${STARS#*\*}", "b*c"),
        (r"${STARS##*\*}", "c"),
        (r"${STARS%\**}", "a*b"),
        (r"${STARS%%\**}", "a"),
        ("${LINES#*t}", "one\ntwo"),
        ("${LINES##*}", "\ntwo"),
        ("${LINES%%*}", "one\n"),
        ("${FILE#$PAT}", "lib/main.tar.gz"),
        // Replacement.
        ("${FILE/a/A}", "src/lib/mAin.tar.gz"),
        ("${FILE//a/A}", "src/lib/mAin.tAr.gz"),
        (r"${FILE/\//-}", "src-lib/main.tar.gz"),
        (r"${FILE//\//-}", "src-lib-main.tar.gz"),
        ("${FILE//[sr]/x}", "src/lib/main.tar.gz"),
        ("${FILE/l*n/X}", "src/X.tar.gz"),
        ("${FILE//?i?/<>}", "src/<>/m<>.tar.gz"),
        ("${HOME///-}", "-/-r-o-o-t-"),
        ("${HOME//o/$MONEY}", "/ro-$o-$t"),
        ("${HOME/o/$MONEY}", "/r$0-$ot"),
        ("${HOME//o*/}", "/r"),
        ("${LINES//o*/x}", "x\ntwx"),
    ] {
        assert_eq!(expand(Lexer::default(), text), want, "{text}");
    }
}

#[test]
fn refusals() {
    for (text, want) in [
        (
            "'a",
            r#"failed to process "'a": unexpected end of statement while looking for matching single-quote"#,
        ),
        (
            "\"a",
            r#"failed to process "\"a": unexpected end of statement while looking for matching double-quote"#,
        ),
        (
            r#""a\"#,
            r#"failed to process "\"a\\": unexpected end of statement while looking for matching double-quote"#,
        ),
        ("${", r#"failed to process "${": syntax error: missing '}'"#),
        (
            "${}",
            r#"failed to process "${}": syntax error: bad substitution"#,
        ),
        (
            "${{A}",
            r#"failed to process "${{A}": syntax error: bad substitution"#,
        ),
        (
            "${:-a}",
            r#"failed to process "${:-a}": syntax error: bad substitution"#,
        ),
        (
            "${A",
            "failed to process \"${A\": unsupported modifier (\u{fffd}) in substitution",
        ),
        (
            "${A:",
            "failed to process \"${A:\": syntax error: missing '}'",
        ),
        (
            "${A:-b",
            r#"failed to process "${A:-b": syntax error: missing '}'"#,
        ),
        (
            "${A:-'b}",
            r#"failed to process "${A:-'b}": syntax error: missing '}'"#,
        ),
        (
            "${A^x}",
            r#"failed to process "${A^x}": unsupported modifier (^) in substitution"#,
        ),
        (
            "${A:0:2}",
            r#"failed to process "${A:0:2}": unsupported modifier (:0) in substitution"#,
        ),
        (
            "${#A}",
            r#"failed to process "${#A}": unsupported modifier (A) in substitution"#,
        ),
        (
            "${.}",
            r#"failed to process "${.}": unsupported modifier (.) in substitution"#,
        ),
        (
            "${A:#x}",
            r#"failed to process "${A:#x}": unsupported modifier (:#) in substitution"#,
        ),
        (
            "${A=x}",
            r#"failed to process "${A=x}": unsupported modifier (=) in substitution"#,
        ),
        (
            "${A/a}",
            r#"failed to process "${A/a}": syntax error: missing '/' in ${}"#,
        ),
        (
            "${A/a/b",
            r#"failed to process "${A/a/b": syntax error: missing '}'"#,
        ),
        (
            "${NO?}",
            r#"failed to process "${NO?}": NO: is not allowed to be unset"#,
        ),
        (
            "${EMPTY:?}",
            r#"failed to process "${EMPTY:?}": EMPTY: is not allowed to be empty"#,
        ),
        (
            "${NO:?$HOME it}",
            r#"failed to process "${NO:?$HOME it}": NO: /root it"#,
        ),
        (
            r"${HOME#\x}",
            r#"failed to process "${HOME#\\x}": invalid pattern (\x) in substitution: invalid escape '\x'"#,
        ),
    ] {
        assert_eq!(
            expand(Lexer::default(), text),
            format!("! {want}"),
            "{text}"
        );
    }
}

#[test]
fn splitting() {
    for (text, want) in [
        ("a b\tc", vec!["a", "b", "c"]),
        ("  a  ", vec!["a"]),
        ("", vec![]),
        ("'a b' \"c d\"", vec!["a b", "c d"]),
        (r"a\ b c", vec!["a b", "c"]),
        ("x${SPACED}y", vec!["x", "a", "b", "y"]),
        ("x\"${SPACED}\"y", vec!["x a  b y"]),
        ("'' a", vec!["a"]),
        ("a\u{a0}b", vec!["a", "b"]),
        ("<< EOF x", vec!["<< EOF", "x"]),
        // BuildKit's shared buffer: what stands before a modifier's word is lost.
        ("pre${NO:-mid}post", vec!["midpost"]),
    ] {
        let words = Lexer::default().words(text, &variables());
        assert_eq!(
            words,
            Ok(want.into_iter().map(str::to_owned).collect()),
            "{text}"
        );
    }
}

#[test]
fn switches() {
    let backtick = Lexer::new(Escape::Backtick);
    let raw = Lexer {
        raw_quotes: true,
        skip_unset: true,
        ..Lexer::default()
    };
    let raw_escapes = Lexer {
        raw_quotes: true,
        raw_escapes: true,
        ..Lexer::default()
    };
    let no_quotes = Lexer {
        skip_quotes: true,
        ..Lexer::default()
    };
    for (lexer, text, want) in [
        (backtick, r"C:\dir\$HOME", r"C:\dir\/root"),
        (backtick, "`$HOME``", "$HOME`"),
        (backtick, "\"a`\"b\\\"", "a\"b\\"),
        (
            raw,
            r#"a "b c" 'd' $NO ${NO} ${NO:-x} $HOME"#,
            r#"a "b c" 'd' $NO ${NO} ${NO:-x} /root"#,
        ),
        (raw, "${NO/a/b}${NO//a/b}", "${NO/a/b}${NO/a/b}"),
        (raw, r"\$HOME", "$HOME"),
        (raw_escapes, r#"\a "\"\b""#, r#"\a "\"\\b""#),
        (no_quotes, r#"it's "$HOME" \$HOME"#, r#"it's "/root" $HOME"#),
    ] {
        assert_eq!(expand(lexer, text), want, "{text}");
    }
}

#[test]
fn used_variables() {
    let processed = Lexer::default().process("$HOME ${NO:-$EMPTY} ${NO2?x} $LATE", &variables());
    assert!(processed.text.is_err());
    assert_eq!(
        processed.matched.into_iter().collect::<Vec<_>>(),
        ["EMPTY", "HOME"]
    );
    assert_eq!(
        processed.unmatched.into_iter().collect::<Vec<_>>(),
        ["NO", "NO2"]
    );
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let text = format!("{}{}", "${A:-".repeat(50_000), "}".repeat(50_000));
    let error = Lexer::default().word(&text, &NoVariables).unwrap_err();
    assert_eq!(error.fault, Fault::TooDeep(100));
}
