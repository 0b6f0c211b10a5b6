//! A registry whose texts are meant for the reader's terminal, log, browser or XML parser.
//!
//! Whatever it says, no report holds a control, direction or invisible character, no line starts a
//! command to a CI system, and each format stays what it is.

use polyarch_core::demo::Recipe;
use polyarch_core::shown::is_hidden;

use super::script::{Action, Login, Step, body, header, on};
use super::server::{FaultServer, HttpAnswer};
use crate::real::polyarch::{Run, polyarch};

/// Everything that some reader obeys, as it stands in JSON.
const EVIL: &str = "\\u001b[2J\\u001b]0;t\\u0007\\u009b31m\\u202e\\r\\n::error title=x::pwn\\n ::add-mask::a \
    ##[group]a ##vso[task.setvariable]b\\t|<script>alert(1)</script>`[a](javascript:b)]]>\\u2028\\u0000&amp;";

const FORMATS: [&str; 7] = [
    "human", "json", "junit", "sarif", "github", "gitlab", "markdown",
];

/// Replaces a text of the tag's index, which only its tag names.
fn index(answer: &mut HttpAnswer, from: &str, to: &str) {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(text.contains(from), "{text} has no {from}");
    body(answer, text.replace(from, to).into_bytes());
}

fn attacks() -> Vec<(&'static str, Vec<Step>)> {
    let tag = "/manifests/example";
    vec![
        (
            "a platform",
            vec![on(
                "GET",
                tag,
                Action::Change(|a| {
                    index(
                        a,
                        "\"arm64\"",
                        &format!("\"{EVIL}\",\"variant\":\"{EVIL}\",\"os.version\":\"{EVIL}\""),
                    );
                }),
            )],
        ),
        (
            "an entry's type",
            vec![on(
                "GET",
                tag,
                Action::Change(|a| {
                    index(a, "application/vnd.oci.image.manifest.v1+json", EVIL);
                }),
            )],
        ),
        (
            "a document's type",
            vec![on(
                "GET",
                tag,
                Action::Change(|a| {
                    index(a, "application/vnd.oci.image.index.v1+json", EVIL);
                }),
            )],
        ),
        (
            "a digest",
            vec![on(
                "GET",
                tag,
                Action::Change(|a| {
                    index(a, "\"digest\": \"sha256:", &format!("\"digest\": \"{EVIL}"));
                }),
            )],
        ),
        (
            "what an attestation is about",
            vec![on(
                "GET",
                tag,
                Action::Change(|a| {
                    index(
                        a,
                        "reference.digest\": \"",
                        &format!("reference.digest\": \"{EVIL}"),
                    );
                }),
            )],
        ),
        (
            "a name that stands twice",
            vec![on(
                "GET",
                tag,
                Action::Change(|a| {
                    index(
                        a,
                        "\"schemaVersion\"",
                        &format!("\"{EVIL}\":1,\"{EVIL}\":2,\"schemaVersion\""),
                    );
                }),
            )],
        ),
        (
            "headers",
            vec![on(
                "*",
                "/",
                Action::Change(|a| {
                    header(a, "Content-Type", "\u{9b}31m ::error::x ##[group]\u{202e}");
                    header(
                        a,
                        "Docker-Content-Digest",
                        "\u{9b}31m ::error::x ##[group]\u{202e}",
                    );
                    header(
                        a,
                        "Warning",
                        "299 - \"::error::x ##[group]y \u{202e}\u{9b}31m\"",
                    );
                }),
            )],
        ),
        (
            "an error",
            vec![on(
                "GET",
                tag,
                Action::Change(|a| {
                    let text =
                        format!("{{\"errors\":[{{\"code\":\"{EVIL}\",\"message\":\"{EVIL}\"}}]}}");
                    a.status = 403;
                    body(a, text.into_bytes());
                }),
            )],
        ),
        (
            "a redirect",
            vec![on(
                "GET",
                tag,
                Action::Redirect(307, "evil://\u{1b}[31m/::error::x##[a]".into()),
            )],
        ),
    ]
}

#[test]
fn no_text_of_a_registry_paints_forges_or_commands() {
    let recipe = Recipe::parse("image linux/amd64 linux/arm64\nattest").expect("a recipe");
    let mut wrong = Vec::new();
    for (what, steps) in attacks() {
        let server = FaultServer::start("127.0.0.1", recipe.build(), Login::None);
        server.play(steps);
        let reference = format!("{}/demo:example", server.host);
        for format in FORMATS {
            let args = [
                "verify",
                "--exact",
                "--deep",
                "--retries=0",
                "--timeout=5s",
                "--format",
            ];
            let run = polyarch(args.into_iter().chain([format, &reference]));
            wrong.extend(complaint(format, &run).map(|text| format!("{what}, {format}: {text}")));
        }
        let run = polyarch(["inspect", "--retries=0", "--timeout=5s", &reference]);
        wrong.extend(complaint("tree", &run).map(|text| format!("{what}, inspect: {text}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a report.
fn complaint(format: &str, run: &Run) -> Option<String> {
    if !matches!(run.code, Some(0..=3)) {
        return Some(format!("exit {:?}\n{run:?}", run.code));
    }
    for line in run.stdout.lines().chain(run.stderr.lines()) {
        // JSON has its own escapes, which no reader of text obeys.
        if let Some(hidden) = line.chars().find(|c| is_hidden(*c)) {
            return Some(format!("{hidden:?} in {line:?}"));
        }
        let is_own = ["::error title=", "::warning title=", "::notice title="]
            .iter()
            .any(|own| format == "github" && line.starts_with(own));
        let starts = line.trim().starts_with("::") && !is_own;
        if starts || line.contains("##[") || line.contains("##vso") {
            return Some(format!("a command: {line}"));
        }
        if format == "markdown" && line.replace("\\<", "").contains("<script") {
            return Some(format!("markup: {line}"));
        }
    }
    match format {
        "json" | "sarif" | "gitlab" if run.code != Some(2) => {
            let parsed = serde_json::from_str::<serde_json::Value>(&run.stdout);
            parsed.err().map(|error| format!("{error}"))
        }
        "junit" => {
            let open = run.stdout.matches("<testcase").count();
            (open != 1).then(|| format!("{open} cases"))
        }
        _ => None,
    }
}
