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
