//! Every option of `polyarch verify` once more, each against Debian's docker-registry with a login
//! and TLS of its own authority; docs/verify-options.md says where else each one is tested.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::secured::{Secured, both};
use super::{file, scratch};
use crate::real::image::{Built, Format};
use crate::real::polyarch::{Run, polyarch, polyarch_as};
use crate::real::registry::Registry;
use crate::tree::root;

/// For which the secured registry stands in.
const REPOSITORY: &str = "registry.example/team/app";

/// Tested where a proxy leads a public name to a registry: `secured::proxies_…`.
const ELSEWHERE: [&str; 1] = ["--plain-http"];

#[test]
fn every_option_works_with_a_login_and_tls() {
    let (open, secured) = both();
    push_more(&open);
    let folder = scratch();
    let write = |name: &str, text: &str| file(&folder, name, text);
    let digest = format!("--expect-digest={}", digest(&secured));
    let zeros = format!("--expect-digest=sha256:{}", "0".repeat(64));
    let metadata = |digest: &str| json!({ "containerimage.digest": digest }).to_string();
    let metadata_right = write("right.json", &metadata(&digest["--expect-digest=".len()..]));
    let metadata_wrong = write("wrong.json", &metadata(&zeros["--expect-digest=".len()..]));
    let argued = Built::DOCKERFILE
        .replace("FROM scratch\n", "FROM scratch AS app\nARG TITLE=app\n")
        .replace("title=app", "title=$TITLE");
    let dockerfile = write("Dockerfile", &format!("{argued}FROM scratch\n"));
    let policy = write("strange.toml", "[verify]\nplatforms = [\"linux/s390x\"]\n");
    let list = write("list", &format!("{REPOSITORY}:1\n{REPOSITORY}:half\n"));
    let report = folder.path().join("report.json").display().to_string();
    let report = format!("--format=json={report}");
    let same = format!("--same-as={REPOSITORY}:2");
    let other = format!("--same-as={REPOSITORY}:half");
    let tested: Vec<(&str, Vec<&str>, i32)> = vec![
        ("1", vec!["--platform=linux/amd64"], 0),
        ("1", vec!["--platform=linux/s390x"], 1),
        ("1", vec!["--exact"], 0),
        ("1", vec!["--exact", "--platform=linux/amd64"], 1),
        ("1", vec!["--deep"], 0),
        ("wrong", vec![], 0),
        ("wrong", vec!["--deep"], 1),
        ("wrong", vec!["--deep=shared"], 0),
        (
            "wrong",
            vec!["--deep", "--allow=binary-platform-mismatch=meant"],
            0,
        ),
        ("1", vec![&digest], 0),
        ("1", vec![&zeros], 1),
        ("1", vec!["--metadata-file", &metadata_right], 0),
        ("1", vec!["--metadata-file", &metadata_wrong], 1),
        ("1", vec![&same], 0),
        ("1", vec![&other], 1),
        ("1", vec!["--dockerfile", &dockerfile, "--target=app"], 0),
        (
            "1",
            vec![
                "--dockerfile",
                &dockerfile,
                "--target=app",
                "--build-arg=TITLE=b",
            ],
            1,
        ),
        ("1", vec!["--policy", &policy], 1),
        ("1", vec!["--no-policy"], 0),
        ("odd", vec![], 0),
        ("odd", vec!["--strict"], 1),
        ("1", vec![&report], 0),
        ("1", vec!["--from-file", &list], 1),
        ("1", vec!["--from-file", &list, "--shard=1/2"], 0),
        ("1", vec!["--from-file", &list, "--shard=2/2"], 1),
        ("1", vec!["--wait=30s"], 0),
        ("never", vec!["--wait=1s"], 1),
        (
            "1",
            vec!["--timeout=30s", "--retries=1", "--jobs=1", "--verbose"],
            0,
        ),
        // What every run here has: without them nobody is reached, or not believed.
        (
            "1",
            vec![
                "--mirror=other.example=https://127.0.0.1:1",
                "--ca-cert=/dev/null",
            ],
            2,
        ),
    ];
    for (tag, args, code) in &tested {
        let run = verify(&secured, tag, args);
        assert_eq!(run.code, Some(*code), "{tag} {args:?}: {run:?}");
    }
    let named: BTreeSet<String> = tested
        .iter()
        .flat_map(|(_, args, _)| args)
        .filter_map(|arg| Some(arg.split('=').next()?.to_owned()))
        .filter(|arg| arg.starts_with("--"))
        .chain(ELSEWHERE.map(str::to_owned))
        .collect();
    assert_eq!(named, options(), "an option without a line above");
}

#[test]
fn the_page_about_the_options_names_each_of_them() {
    let path = root().join("docs/verify-options.md");
    let page = std::fs::read_to_string(path).expect("docs/verify-options.md");
    let rows: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `--"))
        .map(|rest| rest.split(['`', '=', ' ', '[']).next().unwrap_or_default())
        .map(|name| format!("--{name}"))
        .collect();
    assert_eq!(rows, options());
    let tests: String = ["tests/e2e", "verifier-cli/src"]
        .iter()
        .flat_map(|folder| crate::tree::sources(&[folder], ".rs"))
        .map(|source| source.text)
        .collect();
    for test in page.split("::").skip(1) {
        let name = test.split('`').next().unwrap_or_default();
        assert!(tests.contains(&format!("fn {name}(")), "no test {name}");
    }
}

/// All long options that `verify --help` lists.
pub(crate) fn options() -> BTreeSet<String> {
    let help = polyarch(["verify", "--help"]).stdout;
    help.lines()
        .filter_map(|line| {
            let line = line.trim_start();
            let line = line.strip_prefix("-v, ").unwrap_or(line);
            let name = line.strip_prefix("--")?;
            let end = name.find(|c: char| !c.is_ascii_lowercase() && c != '-');
            Some(format!("--{}", &name[..end.unwrap_or(name.len())]))
        })
        .filter(|name| name != "--help")
        .collect()
}

fn verify(secured: &Secured, tag: &str, args: &[&str]) -> Run {
    let mirror = format!("registry.example=https://{}", secured.host);
    let authority = secured.authority().display().to_string();
    let image = format!("{REPOSITORY}:{tag}");
    let mut all = vec!["verify", "--mirror", &mirror];
    if !args.iter().any(|arg| arg.starts_with("--ca-cert")) {
        all.extend(["--ca-cert", &authority]);
    }
    // A list names its references itself.
    if !args.contains(&"--from-file") {
        all.push(&image);
    }
    all.extend(args);
    polyarch_as(all, |command| {
        command
            .env("POLYARCH_REGISTRY", &secured.host)
            .env("POLYARCH_USERNAME", "me")
            .env("POLYARCH_PASSWORD", "opensesame");
    })
}

fn digest(secured: &Secured) -> String {
    let run = verify(secured, "1", &["--format=json"]);
    let resolved = &run.json()["results"][0]["resolved"];
    let resolved = resolved.as_str().expect("a digest");
    resolved
        .split_once('@')
        .expect("name and digest")
        .1
        .to_owned()
}

/// `2` is `1` again, `half` lacks arm64, `odd` has an entry for nothing known, `wrong` holds a
/// program for amd64 in its arm64 image.
fn push_more(open: &Registry) {
    let (bytes, kind) = open.manifest("team/app", "1");
    open.put("team/app", "2", &bytes, &kind);
    open.tag_without("team/app", "1", "half", "arm64");
    let mut index: Value = serde_json::from_slice(&bytes).expect("an index");
    let entries = index["manifests"].as_array_mut().expect("an index");
    let mut odd = entries[0].clone();
    odd["platform"] = json!({ "architecture": "unknown", "os": "unknown" });
    entries.push(odd);
    open.put("team/app", "odd", index.to_string().as_bytes(), &kind);
    let busybox = std::fs::read("/bin/busybox").expect("`scripts/setup test` installs it");
    let other = [busybox.as_slice(), b"\n"].concat();
    let wrong = Built::with_programs(&busybox, &other);
    wrong.push(&open.reference("team/app:wrong"), Format::Oci);
}
