//! The options of `polyarch preview`.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use super::{Demo, file, scratch};
use crate::real::polyarch::{Run, polyarch_as};

/// `polyarch preview` in a folder, which is the user's home too.
fn preview(folder: &TempDir, args: &[&str]) -> Run {
    polyarch_as(["preview"].iter().chain(args), |command| {
        command
            .current_dir(folder.path())
            .env("HOME", folder.path())
            .env_remove("XDG_CACHE_HOME");
    })
}

const BAKE: &str = r#"
variable "TAG" { default = "dev" }
group "default" { targets = ["app", "tool"] }
target "base" { args = { NAME = "base" } }
target "app" {
  inherits = ["base"]
  platforms = ["linux/amd64", "linux/arm64"]
  tags = ["acme/app:${TAG}"]
}
target "tool" {
  dockerfile = "tool.Dockerfile"
  platforms = ["linux/s390x"]
}
"#;

fn bake_folder() -> TempDir {
    let folder = scratch();
    file(&folder, "docker-bake.hcl", BAKE);
    let dockerfile = "FROM alpine:3.22\nARG NAME\nENV NAME=$NAME\n";
    file(&folder, "Dockerfile", dockerfile);
    file(&folder, "tool.Dockerfile", "FROM alpine:3.22\nRUN make\n");
    folder
}

#[test]
fn bake_targets_are_previewed_one_by_one() {
    let folder = bake_folder();
    let both = preview(&folder, &["--bake", "docker-bake.hcl", "--format", "json"]);
    assert_eq!(both.code, Some(0), "{both:?}");
    let json = both.json();
    let names: Vec<&str> = json["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .filter_map(|target| target["target"].as_str())
        .collect();
    assert_eq!(names, ["app", "tool"]);
    let app = &json["targets"][0]["platforms"];
    assert_eq!(app.as_array().map(Vec::len), Some(2));
    let env = app[1]["config"]["Env"].as_array().expect("Env");
    assert!(env.contains(&Value::from("NAME=base")), "{env:?}");
    let tool = preview(
        &folder,
        &["--bake", "docker-bake.hcl", "tool", "--format", "json"],
    );
    assert_eq!(tool.json()["platforms"][0]["platform"], "linux/s390x");
    let human = preview(&folder, &["--bake", "docker-bake.hcl"]);
    for heading in ["Target app", "Target tool"] {
        assert!(human.stdout.contains(heading), "{human:?}");
    }
}

#[test]
fn bake_files_are_merged_set_and_explained() {
    let folder = bake_folder();
    let more = "target \"app\" {\n  labels = { at = timestamp() }\n  platform = [\"linux/386\"]\n  \
                args = { NAME = upper(\"base\") }\n}\n";
    file(&folder, "more.hcl", more);
    let args = ["--bake", "docker-bake.hcl", "--bake", "more.hcl", "app"];
    let set = ["--set", "app.platform=linux/riscv64", "--format", "json"];
    let run = preview(&folder, &[args.as_slice(), &set].concat());
    assert_eq!(run.code, Some(0), "{run:?}");
    let platform = &run.json()["platforms"][0];
    assert_eq!(platform["platform"], "linux/riscv64");
    let env = platform["config"]["Env"].as_array().expect("Env");
    assert!(env.contains(&Value::from("NAME=BASE")), "{run:?}");
    for told in [
        "line 2: `labels.at` is left out: timestamp() is the time of the build",
        "line 3: `platform` is ignored: a target has no field of this name",
    ] {
        assert!(run.stderr.contains(told), "{run:?}");
    }
    let broken = "target \"app\" {\n  tags = [\"a:${TAGS}\"]\n}\n";
    file(&folder, "broken.hcl", broken);
    let run = preview(&folder, &["--bake", "broken.hcl"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    let words = "broken.hcl:2,16-20: Unknown variable; There is no variable named \"TAGS\".";
    assert!(run.stderr.contains(words), "{run:?}");
    let human = preview(&folder, &["--bake", "docker-bake.hcl"]);
    assert!(
        human.stdout.starts_with("2 targets\n  app   2 platforms"),
        "{human:?}"
    );
}

#[test]
fn a_bake_target_that_is_not_there_is_a_usage_error_with_the_names() {
    let folder = bake_folder();
    let run = preview(&folder, &["--bake", "docker-bake.hcl", "ap"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("default, base, app, tool"), "{run:?}");
    let other = file(&folder, "broken.hcl", "target \"app\" {");
    assert_eq!(preview(&folder, &["--bake", &other]).code, Some(2));
}

#[test]
fn bake_reads_json_and_compose_files_too() {
    let folder = bake_folder();
    let json = r#"{"target":{"one":{"platforms":["linux/riscv64"]}}}"#;
    file(&folder, "docker-bake.json", json);
    let run = preview(&folder, &["--bake", "docker-bake.json", "--format", "json"]);
    assert_eq!(run.json()["platforms"][0]["platform"], "linux/riscv64");
    let compose = "services:\n  web:\n    image: acme/web\n    build:\n      context: .\n      \
                   args: {NAME: web}\n      platforms: [linux/arm64]\n  db: {image: postgres}\n";
    file(&folder, "compose.yaml", compose);
    let run = preview(&folder, &["--bake", "compose.yaml", "--format", "json"]);
    let platform = &run.json()["platforms"][0];
    assert_eq!(platform["platform"], "linux/arm64");
    let env = platform["config"]["Env"].as_array().expect("Env");
    assert!(env.contains(&Value::from("NAME=web")), "{run:?}");
}

#[test]
fn code_scanning_and_merge_requests_get_findings_at_their_lines() {
    let folder = scratch();
    file(&folder, "Dockerfile", "FROM alpine:3.22\nRUNN make\n");
    let sarif = preview(&folder, &["--check", "--format", "sarif"]);
    assert_eq!(sarif.code, Some(1), "{sarif:?}");
    let run = sarif.json()["runs"][0].clone();
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    let place = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "Dockerfile");
    let gitlab = preview(&folder, &["--format", "gitlab"]);
    assert_eq!(gitlab.code, Some(0), "{gitlab:?}");
    let issues = gitlab.json();
    let lines: Vec<&Value> = issues
        .as_array()
        .expect("a list of issues")
        .iter()
        .map(|issue| &issue["location"]["lines"]["begin"])
        .collect();
    assert!(lines.contains(&&Value::from(2)), "{issues:#}");
}

#[test]
fn resolve_asks_the_registry_and_remembers_by_digest() {
    let demo = Demo::start();
    let folder = scratch();
    let base = demo.image("good");
    file(&folder, "Dockerfile", &format!("FROM {base}\nENV OWN=1\n"));
    let args = ["--resolve", "--format", "json"];
    let first = preview(&folder, &args);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert_eq!(first.stderr, "");
    let json = first.json();
    let digest = demo.digest("good");
    for platform in json["platforms"].as_array().expect("platforms") {
        let steps = platform["steps"].as_array().expect("steps");
        let name = steps[0]["name"].as_str().expect("a name");
        assert!(name.ends_with(&format!("FROM {base}@{digest}")), "{name}");
        assert_eq!(steps[0]["exact"], true);
    }
    let cached = folder
        .path()
        .join(".cache/polyarch/bases-1")
        .join(format!("{}.json", digest.replace(':', "-")));
    let text = fs::read_to_string(&cached).expect("the cached answer");
    let config = "\"config\":{";
    assert!(text.contains(config), "{text}");
    let marked = text.replacen(config, "\"config\":{\"User\":\"cached\",", 9);
    fs::write(&cached, marked).expect("the scratch folder is writable");
    let second = preview(&folder, &args).json();
    assert_eq!(second["platforms"][0]["config"]["User"], "cached");
}

#[test]
fn resolve_tells_what_is_missing_from_what_could_not_be_established() {
    let demo = Demo::start();
    let folder = scratch();
    let check = |tag: &str, platforms: &str| {
        let text = format!("FROM {}\n", demo.image(tag));
        file(&folder, "Dockerfile", &text);
        let options = ["--resolve", "--retries=0", "--format=json", "--platform"];
        let args: Vec<&str> = options.into_iter().chain([platforms]).collect();
        let run = preview(&folder, &args);
        assert_eq!(run.code, Some(0), "{run:?}");
        run
    };
    let gone = check("none", "linux/amd64");
    let error = gone.json()["platforms"][0]["error"].clone();
    let error = error.as_str().expect("an error");
    assert!(error.ends_with(": not found"), "{error}");
    let without = check("good", "linux/s390x").json();
    assert_eq!(without["platforms"][0]["ok"], false);
    let private = check("private", "linux/amd64");
    assert!(
        private.stderr.contains("could not be established"),
        "{private:?}"
    );
    assert_eq!(private.json()["platforms"][0]["ok"], true);
}

#[test]
fn against_shows_what_changes_per_platform() {
    let folder = scratch();
    file(&folder, "Dockerfile", "FROM alpine:3.22\nUSER new\n");
    fs::create_dir(folder.path().join("old")).expect("the scratch folder is writable");
    file(&folder, "old/Dockerfile", "FROM alpine:3.22\nUSER old\n");
    for other in ["old", "old/Dockerfile"] {
        let run = preview(&folder, &["--against", other, "--format", "markdown"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let row = "| linux/arm64 | config | User old | User new |";
        assert!(run.stdout.contains(row), "{run:?}");
    }
    let same = preview(&folder, &["--against", "Dockerfile"]);
    assert!(same.stdout.contains("Nothing changes."), "{same:?}");
    for refused in ["nowhere", "#v1.damaged", "no-such-revision:"] {
        let run = preview(&folder, &["--against", refused]);
        assert_eq!(run.code, Some(2), "{run:?}");
    }
}
