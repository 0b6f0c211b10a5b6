//! Any text and any bytes: no panic, spans that fit, and time in proportion.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Span;
use crate::dockerfile::words::{Lexer, NoVariables};

/// Pieces that Dockerfiles are made of, so that random texts reach deep.
const PIECES: [&str; 48] = [
    "FROM ",
    "RUN ",
    "COPY ",
    "ADD ",
    "ENV ",
    "ARG ",
    "CMD ",
    "ONBUILD ",
    "HEALTHCHECK ",
    "LABEL ",
    "VOLUME ",
    "EXPOSE ",
    "SHELL ",
    "\n",
    "\n",
    "\r\n",
    "\\\n",
    "\\",
    "`",
    "# ",
    "#escape=`\n",
    "# syntax=x\n",
    " ",
    "\t",
    "\u{a0}",
    "=",
    "\"",
    "'",
    "[",
    "]",
    ",",
    "{",
    "}",
    "<<EOF",
    "<<-E",
    "EOF\n",
    "\tE\n",
    "--from=a ",
    "--mount=type=bind,",
    "--",
    "$A",
    "${A:-",
    "é",
    "😀",
    "x",
    "\u{feff}",
    "\\u12",
    "1e9",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..60)
        .prop_map(|pieces| pieces.concat())
}

fn spans(dockerfile: &Dockerfile, problems: &[ParseProblem]) -> Vec<Span> {
    let mut spans: Vec<Span> = problems.iter().map(|problem| problem.span).collect();
    spans.extend(dockerfile.comments.iter().map(|one| one.span));
    spans.extend(dockerfile.empty_continuations.iter().map(|one| one.span));
    for directive in &dockerfile.directives {
        spans.extend([directive.span, directive.value.span]);
    }
    for instruction in &dockerfile.instructions {
        of_instruction(instruction, &mut spans);
    }
    spans
}

fn of_instruction(instruction: &Instruction, spans: &mut Vec<Span>) {
    spans.extend([instruction.span, instruction.keyword.span]);
    spans.extend(instruction.arguments.iter().map(|word| word.span));
    spans.extend(instruction.flags.iter().map(|flag| flag.span));
    let values = instruction
        .flags
        .iter()
        .filter_map(|flag| flag.value.as_ref());
    spans.extend(values.map(|word| word.span));
    spans.extend(
        instruction
            .heredocs
            .iter()
            .flat_map(|doc| [doc.span, doc.end]),
    );
    if let Kind::Onbuild(onbuild) = &instruction.kind {
        of_instruction(&onbuild.inner, spans);
    }
}

fn check(text: &str) {
    let (dockerfile, problems) = parse(text);
    for span in spans(&dockerfile, &problems) {
        assert!(span.start <= span.end, "{span:?} in {text:?}");
        assert!(
            text.get(span.start..span.end).is_some(),
            "{span:?} in {text:?}"
        );
    }
    let lexer = Lexer::default();
    let _ = lexer.process(text, &NoVariables);
    let _ = mount::from(text);
    let _ = mount::Mount::parse(text, &mut |word| Ok(word.to_owned()));
    if let Ok(ignore) = context::Ignore::parse(text) {
        let _ = (
            ignore.excludes(text),
            ignore.keeps(text),
            ignore.ignored_source(text),
        );
    }
    let _ = context::sources(text, &[text]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_dockerfile_like_text(text in text()) {
        check(&text);
    }

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (text, _, _) = parse_bytes(&bytes);
        check(&text);
    }

    /// What a text means does not depend on how its lines end.
    #[test]
    fn line_breaks_do_not_matter(text in text()) {
        let unix = text.replace('\r', "");
        let windows = unix.replace('\n', "\r\n");
        let codes = |text: &str| {
            let (dockerfile, problems) = parse(text);
            let codes: Vec<String> = dockerfile.instructions.into_iter().map(|one| one.code).collect();
            (codes, problems.first().map(ParseProblem::text))
        };
        prop_assert_eq!(codes(&unix), codes(&windows));
    }
}

/// Texts that would take hours if anything were quadratic. Speed itself is measured in
/// `benches/analysis.rs`.
#[test]
fn large_texts_come_to_an_end() {
    let lines = "RUN echo \\\n  # c\n  \"a $B\" [1]\nCOPY --from=x a b\n".repeat(20_000);
    let texts = [
        format!("FROM a\n{lines}"),
        format!("FROM a\nRUN x{}", " \\\n y".repeat(200_000)),
        format!("FROM a\n{}", "RUN <<A\n".repeat(100_000)),
        format!("FROM a\nRUN {}\n", "<<A ".repeat(16_000)),
        format!("FROM a\nCMD {}\n", "[".repeat(60_000)),
        format!("FROM a\n{}", "ONBUILD ".repeat(8_000)),
        format!("FROM a\nENV {}\n", "a=\"b\\\" ' ".repeat(6_000)),
        format!("FROM a\nCOPY {}\n", "--x='a\\' ".repeat(7_000)),
        "\n".repeat(1_000_000),
        "#\n".repeat(500_000),
        "\\\n".repeat(500_000),
    ];
    for text in texts {
        let (file, _) = parse(&text);
        assert!(file.instructions.len() <= text.len());
    }
}
