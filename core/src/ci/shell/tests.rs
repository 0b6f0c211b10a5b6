//! Scripts and what they print, as bash prints it.

use super::*;
use crate::ci::build::Verdict;
use crate::ci::settings::Settings;
use crate::ci::world::{Service, World};

/// Output, then `= STATUS`.
fn run(script: &str) -> String {
    let mut world = World::new(
        Settings::default(),
        Service::GitLab,
        Box::new(|_, _| Verdict::default()),
    );
    world.has_bash = true;
    world.files.make_directory("/w");
    world.files.write("/w/a.txt", "one\ntwo\n");
    world.files.write("/w/b.txt", "x=1\n");
    let mut variables = Variables::default();
    variables.set_exported("HOME", "/root");
    let mut shell = Shell::new(&mut world, variables, "/w");
    shell.options.errexit = true;
    shell.options.pipefail = true;
    let list = match parse(script) {
        Ok(list) => list,
        Err(error) => return format!("line {}: {error}", error.line),
    };
    let mut output = String::new();
    let end = match shell.run(&list, &mut output) {
        Ok(status) | Err(Flow::Exit(status)) => status.to_string(),
        Err(flow) => format!("{flow:?}"),
    };
    format!("{output}= {end}")
}

fn check(cases: &[(&str, &str)]) {
    for (script, expected) in cases {
        assert_eq!(run(script), *expected, "{script}");
    }
}

#[test]
fn lists_and_pipes() {
    check(&[
        ("echo a; echo b", "a\nb\n= 0"),
        ("true && echo yes || echo no", "yes\n= 0"),
        ("false || echo no", "no\n= 0"),
        ("false; echo never", "= 1"),
        ("false | true", "= 1"),
        ("! false", "= 0"),
        ("set +e; false; echo $?", "1\n= 0"),
        (
            "if false; then echo a; elif true; then echo b; else echo c; fi",
            "b\n= 0",
        ),
        ("echo one | tr a-z A-Z", "ONE\n= 0"),
        ("{ echo a; echo b; } | head -n 1", "a\n= 0"),
        ("(exit 3) || echo $?", "3\n= 0"),
        ("exit 4", "= 4"),
        ("set +o pipefail; false | true; echo $?", "0\n= 0"),
    ]);
}

#[test]
fn words_and_expansions() {
    check(&[
        ("x='a  b'; echo $x \"$x\"", "a b a  b\n= 0"),
        (
            "echo ${no:-d} ${no-e}; x=; echo ${x:-f}${x-g}",
            "d e\nf\n= 0",
        ),
        (
            "x=ghcr.io/a/b:1; echo ${x##*/} ${x%%:*} ${x#*/} ${x%:*}",
            "b:1 ghcr.io/a/b a/b:1 ghcr.io/a/b\n= 0",
        ),
        (
            "x=linux/arm64; echo ${x//\\//-} ${x/linux/os} ${#x} ${x:6:3}",
            "linux-arm64 os/arm64 11 arm\n= 0",
        ),
        ("x=AbC; echo ${x,,} ${x^^}", "abc ABC\n= 0"),
        ("echo $((1 + 2 * 3)) $(( (1+2)*3 ))", "7 9\n= 0"),
        (
            "echo \"$(echo in; echo ner)\" `echo old`",
            "in\nner old\n= 0",
        ),
        (
            "a=(x y); a+=(z); echo ${a[1]} ${#a[@]} \"${a[@]}\"",
            "y 3 x y z\n= 0",
        ),
        (
            "for p in a{1,2}b {1..3}; do echo -n $p,; done",
            "a1b,a2b,1,2,3,= 0",
        ),
        ("echo *.txt '*.txt' no*", "a.txt b.txt *.txt no*\n= 0"),
        (
            "echo 'it''s' \"a\\\"b\" a\\ b $'t\\tx'",
            "its a\"b a b t\tx\n= 0",
        ),
        ("set -u; echo $nope", "nope: unbound variable\n= 1"),
        ("echo ${nope:?is needed}", "nope: is needed\n= 1"),
        (
            "set -- a 'b c'; for x; do echo [$x]; done; echo $# $2",
            "[a]\n[b c]\n2 b c\n= 0",
        ),
    ]);
}

#[test]
fn files_and_redirections() {
    check(&[
        ("echo hi > f; cat f; echo more >> f; wc -l f", "hi\n2\n= 0"),
        ("cat <<EOF\nx $((1+1))\nEOF\necho after", "x 2\nafter\n= 0"),
        ("cat <<'EOF' > f\n$x\nEOF\ncat f", "$x\n= 0"),
        ("cat <<-A <<B\n\tone\n\tA\ntwo\nB", "two\n= 0"),
        ("cat nope 2>/dev/null || echo gone", "gone\n= 0"),
        (
            "cat nope > f 2>&1 || cat f",
            "cat: can't open 'nope': No such file or directory\n= 0",
        ),
        ("grep -q two a.txt && echo found", "found\n= 0"),
        ("sed -i 's/one/1/' a.txt; cat a.txt", "1\ntwo\n= 0"),
        (
            "while read -r l; do echo \"<$l>\"; done < a.txt",
            "<one>\n<two>\n= 0",
        ),
        ("IFS=, read -r a b <<< 'x,y'; echo $b$a", "yx\n= 0"),
        ("source ./b.txt; echo $x", "1\n= 0"),
        (
            "[ -f a.txt ] && [[ -d /w && ! -e no ]] && echo ok",
            "ok\n= 0",
        ),
        ("echo x | tee t | cat; cat t", "x\nx\n= 0"),
        ("mkdir -p d/e && cp a.txt d/e && ls d/e", "a.txt\n= 0"),
        (
            "cd nowhere",
            "bash: cd: nowhere: No such file or directory\n= 1",
        ),
    ]);
}

#[test]
fn control_and_functions() {
    check(&[
        (
            "f() { echo \"$1-$#\"; return 3; }; f a b || echo $?",
            "a-2\n3\n= 0",
        ),
        (
            "case v1.2 in v[0-9]*) echo tag;; *) echo no;; esac",
            "tag\n= 0",
        ),
        (
            "i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done",
            "1\n3\n= 0",
        ),
        (
            "for i in 1 2 3; do [ $i = 2 ] && break; echo $i; done",
            "1\n= 0",
        ),
        ("for ((i=0;i<2;i++)); do echo $i; done", "0\n1\n= 0"),
        (
            "[[ v1.2 =~ ^v[0-9]+ ]] && [[ abc == a* ]] && echo m",
            "m\n= 0",
        ),
        ("(x=1; echo $x); echo \"[$x]\"", "1\n[]\n= 0"),
        ("eval 'echo $((2+2))'", "4\n= 0"),
        ("bash -c 'echo $1' a b", "b\n= 0"),
        ("nosuchtool --x; echo on", "on\n= 0"),
        ("command -v docker || echo none", "none\n= 0"),
        ("printf '%s=%03d\\n' a 7 b 8", "a=007\nb=008\n= 0"),
        ("x=$(false) || echo sub", "sub\n= 0"),
    ]);
}

#[test]
fn what_does_not_parse_is_told_at_its_line() {
    check(&[
        (
            "echo 'a",
            "line 0: unexpected EOF while looking for matching `''",
        ),
        (
            "echo a\nif true; then\necho",
            "line 2: syntax error: `fi' is missing",
        ),
        ("echo )", "line 0: syntax error near unexpected token `)'"),
        ("for in", "line 0: syntax error: `do' is missing"),
    ]);
    for text in [
        "$(".repeat(5_000),
        "(".repeat(5_000),
        "${x:-".repeat(5_000),
        "if ".repeat(5_000),
        "\"$(".repeat(5_000),
    ] {
        assert!(parse(&text).is_err());
    }
}

#[test]
fn loops_that_cannot_end_are_ended() {
    check(&[
        ("while true; do echo x; done", "x\n= TimeLimit"),
        ("until false; do sleep 1; done", "= TimeLimit"),
        ("f() { f; }; f", "= TimeLimit"),
    ]);
    assert!(run("i=0; while true; do i=$((i+1)); done").ends_with("= TimeLimit"));
    assert!(run("x=a; while true; do x=$x$x; done").ends_with("= TimeLimit"));
}
