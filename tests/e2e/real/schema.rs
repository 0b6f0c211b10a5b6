//! Other people's schemas, and the programs that hold files to them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tree::root;

/// Holds a JSON file to one of the schemas that `scripts/setup test` brings, or to any file.
pub(crate) fn check_json(schema: &Path, file: &str) {
    let schema = schema.display().to_string();
    check(
        &tool("check-jsonschema"),
        // SARIF's schema has a pattern that only lenient readers of patterns take.
        &["--regex-variant", "python", "--schemafile", &schema, file],
    );
}

/// Holds CI files to the schema of their service that check-jsonschema brings.
pub(crate) fn check_vendor(schema: &str, files: &[PathBuf]) {
    let mut args = vec!["--builtin-schema", schema];
    if schema == "vendor.gitlab-ci" {
        // GitLab's `!reference` is no YAML that others know.
        args.extend(["--data-transform", "gitlab-ci"]);
    }
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    args.extend(files.iter().map(String::as_str));
    check(&tool("check-jsonschema"), &args);
}

/// A program of those that `scripts/setup test` takes from PyPI.
pub(crate) fn tool(name: &str) -> PathBuf {
    tools().join("venv/bin").join(name)
}

/// Holds an XML file to one of the schemas that `scripts/setup test` brings.
pub(crate) fn check_xml(schema: &str, file: &str) {
    let schema = schemas(schema).display().to_string();
    check(
        Path::new("xmllint"),
        &["--noout", "--nonet", "--schema", &schema, file],
    );
}

/// A schema that `scripts/setup test` brings.
pub(crate) fn schemas(name: &str) -> PathBuf {
    tools().join("schemas").join(name)
}

fn check(program: &Path, args: &[&str]) {
    let output = Command::new(program).args(args).output();
    let output = output.unwrap_or_else(|error| {
        panic!(
            "{}: {error}; `scripts/setup test` installs it",
            program.display()
        )
    });
    assert!(output.status.success(), "{args:?}: {output:#?}");
}

/// Where `scripts/setup` puts what no package of the system brings.
fn tools() -> PathBuf {
    std::env::var_os("POLYARCH_TOOLS").map_or_else(|| root().join(".tools"), PathBuf::from)
}
