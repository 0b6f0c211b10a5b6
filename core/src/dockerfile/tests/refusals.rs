//! What BuildKit stops at, word for word.

use super::*;

const P: &str = "dockerfile parse error on line";

fn first(text: &str) -> String {
    let (_, problems) = parse(text);
    problems.first().map(ParseProblem::text).unwrap_or_default()
}

/// Files that fail as a whole.
#[test]
fn files() {
    let long = format!("FROM a\nRUN {}\n", "x".repeat(65_532));
    let fits = format!("FROM a\nRUN {}\n", "x".repeat(65_531));
    for (text, want) in [
        ("", "the Dockerfile cannot be empty"),
        ("\n", "file with no instructions"),
        ("# only\n\n", "file with no instructions"),
        (
            "# escape=x\nFROM a",
            "invalid escape token 'x' does not match ` or \\",
        ),
        (
            "# escape=\\\\\nFROM a",
            "invalid escape token '\\\\' does not match ` or \\",
        ),
        (
            "#escape=`\n#ESCAPE=`\nFROM a",
            "only one escape parser directive can be used",
        ),
        (
            "# syntax=a\n# syntax=b\nFROM a",
            "only one syntax parser directive can be used",
        ),
        (
            "# check=skip=all\n# check=x\nFROM a",
            "only one check parser directive can be used",
        ),
        ("# comment\n# escape=x\nFROM a", ""),
        ("# unknown=1\n# escape=x\nFROM a", ""),
        ("\n# escape=x\nFROM a", ""),
        (
            &long,
            "dockerfile line greater than max allowed size of 65535",
        ),
        (&fits, ""),
        ("RUN x", "no build stage in current context"),
        (
            "ARG x\nENV a=b\nFROM a",
            "no build stage in current context",
        ),
        ("ENV a=b\nRUNN", "no build stage in current context"),
        (
            "RUNN\nFROM a",
            &format!("{P} 1: unknown instruction: RUNN (did you mean RUN?)"),
        ),
        (
            "// syntax=x\nFROM a",
            &format!("{P} 1: unknown instruction: //"),
        ),
        ("\\", &format!("{P} 1: unknown instruction: ")),
        ("\\\n\n# c\n", &format!("{P} 1: unknown instruction: ")),
        // Words are looked at in the whole file before any instruction is.
        ("FROM\nENV a", "ENV must have two arguments"),
        (
            "FROM a b\nFROM\nRUN x",
            &format!("{P} 1: FROM requires either one or three arguments"),
        ),
    ] {
        assert_eq!(first(text), want, "{}", text.get(..40).unwrap_or(text));
    }
}

/// Refused in the first pass, without the line.
#[test]
fn words() {
    let array = "when using JSON array syntax, arrays must be comprised of strings only";
    for (line, want) in [
        ("ENV a", "ENV must have two arguments"),
        ("LABEL a", "LABEL must have two arguments"),
        (
            "ENV a=b c",
            "Syntax error - can't find = in \"c\". Must be of the form: name=value",
        ),
        (
            "LABEL a=b \"x y\" c=d",
            "Syntax error - can't find = in \"\\\"x y\\\"\". Must be of the form: name=value",
        ),
        ("CMD [1]", array),
        ("RUN [\"a\", null]", array),
        ("COPY [\"a\", [\"b\"]]", array),
        ("VOLUME [{}]", array),
        ("HEALTHCHECK CMD [true]", array),
        ("ONBUILD ENV a", "ENV must have two arguments"),
        ("ONBUILD CMD [1]", array),
        ("RUN <<EOF\necho", "unterminated heredoc"),
        ("RUN echo $((1 << 3))", "unterminated heredoc"),
        ("COPY <<A <<B /x/\nA\n", "unterminated heredoc"),
        ("ONBUILD RUN <<EOF\n", "unterminated heredoc"),
    ] {
        assert_eq!(first(&format!("FROM a\n{line}")), want, "{line}");
    }
}

/// Refused in the second pass, with the line.
#[test]
fn instructions() {
    let two = "requires at least two arguments, but only one was provided. \
               Destination could not be determined";
    let add = format!("ADD {two}");
    let copy = format!("COPY {two}");
    for (line, want) in [
        ("runn x", "unknown instruction: runn (did you mean run?)"),
        (
            "Entrypont x",
            "unknown instruction: Entrypont (did you mean entrypoint?)",
        ),
        ("FLY x", "unknown instruction: FLY"),
        ("FROM", "FROM requires either one or three arguments"),
        ("FROM a as", "FROM requires either one or three arguments"),
        ("FROM a is b", "FROM requires either one or three arguments"),
        ("FROM a # b", "FROM requires either one or three arguments"),
        (
            "FROM a AS b c",
            "FROM requires either one or three arguments",
        ),
        (
            "FROM a AS 1b",
            "invalid name for build stage: \"1b\", \
             name can't start with a number or contain symbols",
        ),
        (
            "FROM --platform a AS B/x",
            "invalid name for build stage: \"B/x\", \
             name can't start with a number or contain symbols",
        ),
        ("FROM --platform a", "missing a value on flag: --platform"),
        (
            "FROM --platfrom=x a",
            "unknown flag: --platfrom (did you mean platform?)",
        ),
        (
            "FROM --platform=x --platform=y a",
            "duplicate flag specified: --platform",
        ),
        ("FROM --= a", "unknown flag: --"),
        ("ADD", &add),
        ("ADD a", &add),
        ("ADD []", &add),
        ("ADD --bogus a", &add),
        ("ADD --from=x a b", "unknown flag: --from"),
        (
            "ADD --keep-git-dirs a b",
            "unknown flag: --keep-git-dirs (did you mean keep-git-dir?)",
        ),
        ("COPY a", &copy),
        (
            "COPY --link=maybe a b",
            "expecting boolean value for flag --link, not: maybe",
        ),
        ("COPY --link= a b", "missing a value on flag: --link"),
        (
            "COPY --link --link=false a b",
            "duplicate flag specified: --link",
        ),
        (
            "COPY --chmode=7 a b",
            "unknown flag: --chmode (did you mean chmod?)",
        ),
        ("COPY --checksum=x a b", "unknown flag: --checksum"),
        ("COPY --exclude a b", "missing a value on flag: --exclude"),
        (
            "COPY a <<EOF\nEOF",
            "COPY cannot accept a heredoc as a destination",
        ),
        (
            "ADD a 3<<-'E'\nE",
            "ADD cannot accept a heredoc as a destination",
        ),
        (
            "COPY [\"a\", \"<<E\"]",
            "COPY cannot accept a heredoc as a destination",
        ),
        ("ENV", "ENV requires at least one argument"),
        ("ENV =a", "ENV names can not be blank"),
        ("ENV --x a=b", "unknown flag: --x"),
        ("LABEL", "LABEL requires at least one argument"),
        ("LABEL a=b =c", "LABEL names can not be blank"),
        ("ARG", "ARG requires at least one argument"),
        ("ARG a =b", "ARG names can not be blank"),
        ("WORKDIR", "WORKDIR requires exactly one argument"),
        ("USER --x", "USER requires exactly one argument"),
        ("USER --x y", "unknown flag: --x"),
        ("MAINTAINER", "MAINTAINER requires exactly one argument"),
        ("STOPSIGNAL", "STOPSIGNAL requires exactly one argument"),
        ("EXPOSE", "EXPOSE requires at least one argument"),
        ("EXPOSE --tcp 80", "unknown flag: --tcp"),
        ("VOLUME", "VOLUME requires at least one argument"),
        (
            "VOLUME [\"\"]",
            "VOLUME specified can not be an empty string",
        ),
        (
            "VOLUME [\"/a\", \" \"]",
            "VOLUME specified can not be an empty string",
        ),
        ("CMD --x", "unknown flag: --x"),
        ("ENTRYPOINT --x", "unknown flag: --x"),
        ("SHELL", "SHELL requires at least one argument"),
        ("SHELL []", "SHELL requires at least one argument"),
        (
            "SHELL sh -c",
            "SHELL requires the arguments to be in JSON form",
        ),
        ("RUN --network=foo x", "invalid network mode \"foo\""),
        ("RUN --network= x", "invalid network mode \"\""),
        ("RUN --security=foo x", "security \"foo\" is not valid"),
        (
            "RUN --mounts=x x",
            "unknown flag: --mounts (did you mean mount?)",
        ),
        ("RUN --mount x", "missing a value on flag: --mount"),
        ("RUN --mount= x", "failed to parse csv mounts: EOF"),
        (
            "RUN --mount=from=$A,target=/x y",
            "'from' doesn't support variable expansion, define alias stage instead",
        ),
        ("RUN --device= x", "failed to parse csv devices: EOF"),
        (
            "RUN --device=a,required=x y",
            "invalid value for required: x",
        ),
        ("RUN --device=a,name=b y", "device name already set to a"),
        (
            "RUN --device=a,b y",
            "invalid field 'b' must be a key=value pair",
        ),
        (
            "RUN --device=a,nam=b y",
            "unexpected key 'nam' in 'nam=b' (did you mean name?)",
        ),
        (
            "RUN --security=x --network=y z",
            "invalid network mode \"y\"",
        ),
        ("HEALTHCHECK", "HEALTHCHECK requires at least one argument"),
        (
            "HEALTHCHECK --interval=1s",
            "HEALTHCHECK requires at least one argument",
        ),
        ("HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments"),
        (
            "HEALTHCHECK foo x",
            "Unknown type \"FOO\" in HEALTHCHECK (try CMD)",
        ),
        ("HEALTHCHECK cmd", "Missing command after HEALTHCHECK CMD"),
        (
            "HEALTHCHECK CMD []",
            "Missing command after HEALTHCHECK CMD",
        ),
        (
            "HEALTHCHECK --interval=1us CMD x",
            "Interval \"interval\" cannot be less than 1ms",
        ),
        (
            "HEALTHCHECK --timeout=-1s CMD x",
            "Interval \"timeout\" cannot be less than 1ms",
        ),
        (
            "HEALTHCHECK --start-period=5 CMD x",
            "time: missing unit in duration \"5\"",
        ),
        (
            "HEALTHCHECK --retries=-1 CMD x",
            "--retries cannot be negative (-1)",
        ),
        (
            "HEALTHCHECK --retries=x CMD x",
            "strconv.ParseInt: parsing \"x\": invalid syntax",
        ),
        ("HEALTHCHECK --retry=1 CMD x", "unknown flag: --retry"),
        ("ONBUILD", "ONBUILD requires at least one argument"),
        ("ONBUILD FROM a", "FROM isn't allowed as an ONBUILD trigger"),
        (
            "ONBUILD maintainer a",
            "MAINTAINER isn't allowed as an ONBUILD trigger",
        ),
        ("ONBUILD --x RUN a", "unknown flag: --x"),
        (
            "ONBUILD ONBUILD RUN a",
            "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
        ),
    ] {
        assert_eq!(
            first(&format!("FROM a\n{line}")),
            format!("{P} 2: {want}"),
            "{line}"
        );
    }
}

/// What looks wrong and is not.
#[test]
fn accepted_all_the_same() {
    for line in [
        "RUN",
        "RUN []",
        "CMD",
        "ENTRYPOINT []",
        "RUN [\"a\"] # b",
        "CMD ['a']",
        "CMD [1e999]",
        "ARG --x a",
        "STOPSIGNAL --x 9",
        "HEALTHCHECK --bogus NONE",
        "HEALTHCHECK --interval=0 --retries= CMD x",
        "USER a b",
        "ONBUILD RUNN x",
        "ONBUILD COPY a",
        "COPY -- --link a b",
        "RUN -- --mount=x",
        "RUN a<<EOF",
        "RUN echo '<<EOF'",
        "RUN echo \"<<EOF",
        "CMD cat <<EOF",
        "RUN [\"cat\", \"<<EOF\"]",
        "RUN cat <<<EOF",
        "RUN cat << ",
        "RUN --mount=type=bogus,size=big x",
    ] {
        second(line);
    }
}

/// Everything after the first refusal is still told.
#[test]
fn recovery() {
    let text = "FROM a AS\nRUNN x\nENV a\nRUN <<EOF\necho\nCOPY x\nRUN ok\n";
    let (dockerfile, problems) = parse(text);
    let told: Vec<_> = problems
        .iter()
        .map(|problem| (problem.line, problem.phase))
        .collect();
    assert_eq!(
        told,
        [
            (3, Phase::Syntax),
            (4, Phase::Syntax),
            (1, Phase::Instruction),
            (2, Phase::Instruction),
            (6, Phase::Instruction),
        ]
    );
    let faulty: Vec<_> = dockerfile
        .instructions
        .iter()
        .map(|one| one.faulty)
        .collect();
    assert_eq!(faulty, [true, true, true, true, true, false]);
    assert_eq!(dockerfile.stages().len(), 1);
}
