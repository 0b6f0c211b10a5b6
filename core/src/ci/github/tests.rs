//! Expressions, matrices and refusals.

use serde_json::json;

use super::*;

fn scope() -> Scope {
    let contexts = json!({
        "github": {"ref": "refs/heads/main", "event_name": "push", "repository": "Acme/App"},
        "matrix": {"platform": "linux/arm64"},
        "env": {},
        "steps": {"meta": {"outputs": {"tags": "a\nb"}}},
    });
    Scope {
        contexts: contexts.as_object().cloned().unwrap_or_default(),
        failed: false,
    }
}

#[test]
fn expressions() {
    for (text, expected) in [
        ("${{ github.ref }}", "refs/heads/main"),
        ("x-${{matrix.platform}}-y", "x-linux/arm64-y"),
        ("${{ github.event_name != 'pull_request' }}", "true"),
        ("${{ env.NOPE || 'fallback' }}", "fallback"),
        (
            "${{ github.ref == 'refs/heads/main' && 'yes' || 'no' }}",
            "yes",
        ),
        ("${{ contains(github.repository, 'acme') }}", "true"),
        ("${{ format('{0}/{1}', 'a', 'b') }}", "a/b"),
        ("${{ steps.meta.outputs['tags'] }}", "a\nb"),
        ("${{ startsWith(github.ref, 'refs/tags/') }}", "false"),
        ("${{ fromJSON('[1,2]')[1] }}", "2"),
        ("${{ nope.nope.nope }}", ""),
        ("${{ (((( }}", ""),
    ] {
        assert_eq!(interpolate(text, &scope()), expected, "{text}");
    }
    assert!(condition(Some("github.ref == 'refs/heads/main'"), &scope()));
    let failed = Scope {
        failed: true,
        ..scope()
    };
    assert!(
        !condition(None, &failed)
            && condition(Some("always()"), &failed)
            && condition(Some("${{ failure() }}"), &failed)
    );
}

#[test]
fn matrices_have_legs_and_bad_files_are_refused() {
    let names = |text: &str| match read(".github/workflows/x.yml", text) {
        Ok(workflow) => workflow
            .jobs
            .iter()
            .map(|j| j.name.clone())
            .collect::<Vec<_>>()
            .join("; "),
        Err(refusal) => format!("line {}: {refusal}", refusal.mark.line),
    };
    let job = |body: &str| format!("on: push\njobs:\n  b:\n    runs-on: ubuntu-latest\n{body}");
    for (text, expected) in [
        (
            job("    strategy: {matrix: {p: [a, b], v: [1]}}\n    steps: [{run: x}]\n"),
            "b: [a, 1]; b: [b, 1]",
        ),
        (
            job(
                "    strategy: {matrix: {include: [{p: a, r: x}, {p: b, r: y}]}}\n    steps: [{run: x}]\n",
            ),
            "b: [a, x]; b: [b, y]",
        ),
        (
            job("    steps: [{run: \"echo ${{ x\"}]\n"),
            "line 5: The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found.",
        ),
        (
            job("    steps: [{name: x}]\n"),
            "line 5: Every step must define a `uses` or `run` key",
        ),
        (
            job("    needs: nope\n    steps: [{run: x}]\n"),
            "line 3: Job 'b' depends on unknown job 'nope'.",
        ),
        (
            "on: push\n".to_owned(),
            "line 1: Required property is missing: jobs",
        ),
    ] {
        assert_eq!(names(&text), expected, "{text}");
    }
}

/// The legs of a matrix as `key=value` lists, keys sorted.
fn legs(matrix: &str) -> Vec<String> {
    let text = format!(
        "on: push\njobs:\n  b:\n    runs-on: x\n    strategy:\n      matrix: {matrix}\n    steps: [{{run: x}}]\n"
    );
    let workflow = read(".github/workflows/x.yml", &text).unwrap();
    let shown = |job: &Job| {
        let mut pairs: Vec<String> = job
            .matrix
            .iter()
            .map(|(k, v)| format!("{k}={}", v.as_str().unwrap_or_default()))
            .collect();
        pairs.sort();
        pairs.join(" ")
    };
    workflow.jobs.iter().map(shown).collect()
}

/// The rule of GitHub's documentation: an entry of `include` joins each combination in which it
/// overwrites no original value, and else is a combination of its own; `exclude` goes first.
#[test]
fn include_extends_or_adds_and_exclude_goes_first() {
    for (matrix, expected) in [
        (
            "{cpu: [x, y], os: [a, b], include: [{tag: t}, {tag: u, os: a}, {cpu: x, note: n}, {cpu: z}, {cpu: z, os: a}]}",
            vec![
                "cpu=x note=n os=a tag=u",
                "cpu=x note=n os=b tag=t",
                "cpu=y os=a tag=u",
                "cpu=y os=b tag=t",
                "cpu=z",
                "cpu=z os=a",
            ],
        ),
        (
            "{cpu: [x, y], os: [a, b], exclude: [{cpu: x, os: b}]}",
            vec!["cpu=x os=a", "cpu=y os=a", "cpu=y os=b"],
        ),
        (
            "{cpu: [x, y], os: [a, b], exclude: [{cpu: x}]}",
            vec!["cpu=y os=a", "cpu=y os=b"],
        ),
        (
            "{cpu: [x, y], exclude: [{cpu: x}], include: [{cpu: x, fast: f}]}",
            vec!["cpu=y", "cpu=x fast=f"],
        ),
        (
            "{include: [{cpu: x}, {cpu: y, os: a}]}",
            vec!["cpu=x", "cpu=y os=a"],
        ),
        ("{cpu: [x], exclude: [{os: a}]}", vec!["cpu=x"]),
        ("\"${{ fromJSON(needs.a.outputs.m) }}\"", vec![""]),
        ("{cpu: \"${{ fromJSON(vars.CPUS) }}\"}", vec![""]),
    ] {
        assert_eq!(legs(matrix), expected, "{matrix}");
    }
}

#[test]
fn what_is_left_out_is_named_at_its_line() {
    let text = "on: push
jobs:
  called:
    uses: acme/ci/.github/workflows/image.yml@main
  b:
    runs-on: ubuntu-latest
    container: docker:29
    services:
      cache:
        image: redis:7
      registry: {image: registry:2}
    strategy:
      matrix:
        cpu: ${{ fromJSON(vars.CPUS) }}
    steps: [{run: x}]
";
    let workflow = read(".github/workflows/x.yml", text).unwrap();
    let told: Vec<String> = workflow
        .unmodelled
        .iter()
        .map(|u| format!("{} {}", u.mark.line, u.what))
        .collect();
    assert_eq!(
        told,
        [
            "4 the reusable workflow of job called",
            "7 the container of job b",
            "9 the service cache of job b",
            "11 the service registry of job b",
            "14 cpu of the matrix of job b, which an expression gives",
        ]
    );
}
