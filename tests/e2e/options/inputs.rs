//! What can be verified: lists, layouts, archives, a document on standard input.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use super::{Demo, file, rules, scratch, verify};
use crate::real::image::{Built, Format};
use crate::real::layout::Layout;
use crate::real::polyarch::{Run, polyarch, polyarch_as};
use crate::real::process::run;
use crate::real::registry::Registry;

#[test]
fn a_list_of_references_is_verified_in_parts_that_are_everything() {
    let demo = Demo::start();
    let folder = scratch();
    let list = format!(
        "# all\n{}\n\n{} # b\n",
        demo.image("good"),
        demo.image("nested")
    );
    let list = file(&folder, "list", &list);
    let count = |args: &[&str]| {
        let mut all = vec!["--from-file", list.as_str(), "--format", "json"];
        all.extend(args);
        let run = verify(&all);
        assert_eq!(run.code, Some(0), "{run:?}");
        run.json()["results"].as_array().unwrap().len()
    };
    assert_eq!(count(&[]), 2);
    assert_eq!(count(&[&demo.image("variant-v8")]), 3);
    assert_eq!(count(&["--shard", "1/2"]) + count(&["--shard", "2/2"]), 2);
    assert_eq!(count(&["--shard", "1/3"]), 0, "a shard may be empty");
    let empty = file(&folder, "empty", "# nothing\n");
    assert_eq!(
        verify(&["--from-file", &empty]).code,
        Some(2),
        "nothing is no pass"
    );
    assert_eq!(verify(&["--from-file", "/nowhere"]).code, Some(2));
    assert_eq!(
        verify(&["--from-file", &list, "--shard", "3/2"]).code,
        Some(2)
    );
    assert_eq!(verify(&[]).code, Some(2));
}

#[test]
fn over_several_references_the_worst_code_counts() {
    let demo = Demo::start();
    let image = |tag: &str| demo.image(tag);
    let codes = |tags: &[&str]| {
        let references: Vec<String> = tags.iter().map(|tag| image(tag)).collect();
        let args: Vec<&str> = references.iter().map(String::as_str).collect();
        verify(&args).code
    };
    assert_eq!(codes(&["good", "nested"]), Some(0));
    assert_eq!(codes(&["good", "private"]), Some(3));
    assert_eq!(codes(&["private", "missing-platform", "good"]), Some(1));
    let unreadable = verify(&[&image("missing-platform"), "oci-layout:/nowhere"]);
    assert_eq!(unreadable.code, Some(2), "{unreadable:?}");
    assert!(
        unreadable.stdout.contains("FAIL "),
        "the others are still reported"
    );
}

#[test]
fn layouts_and_archives_are_verified_like_tags() {
    let registry = Registry::start();
    let pushed = registry.reference("team/app:1");
    Built::usual().push(&pushed, Format::Oci);
    let layout = Layout::copy_of(&pushed);
    let folder = scratch();
    let reference = layout.reference();
    let path = reference
        .strip_prefix("oci-layout:")
        .and_then(|rest| rest.strip_suffix(":1"))
        .expect("oci-layout:DIR:1");
    let tar = folder.path().join("layout.tar").display().to_string();
    run("tar", ["-cf", &tar, "-C", path, "."]);
    let docker = folder.path().join("docker.tar").display().to_string();
    run(
        "skopeo",
        [
            "copy",
            "-q",
            &format!("oci:{path}:1"),
            &format!("docker-archive:{docker}:app:1"),
        ],
    );
    let zipped = folder.path().join("layout.tar.gz").display().to_string();
    run("tar", ["-czf", &zipped, "-C", path, "."]);
    for (reference, args, code) in [
        (format!("oci-layout:{path}"), &["--deep"][..], 0),
        (format!("oci-layout:{path}:1"), &[], 0),
        (format!("oci-layout:{path}:none"), &[], 1),
        (format!("oci-archive:{tar}:1"), &["--deep"], 0),
        (format!("oci-archive:{tar}:none"), &[], 1),
        (
            format!("docker-archive:{docker}"),
            &["--deep", "--platform", "linux/amd64"],
            0,
        ),
        (format!("docker-archive:{docker}"), &[], 1),
        (format!("oci-layout:{}", folder.path().display()), &[], 2),
        ("oci-layout:/nowhere".to_owned(), &[], 2),
        ("oci-archive:/nowhere.tar".to_owned(), &[], 2),
        (format!("oci-archive:{zipped}"), &[], 2),
        (format!("docker-archive:{zipped}"), &[], 2),
    ] {
        let mut all = vec![reference.as_str()];
        all.extend(args);
        let run = verify(&all);
        assert_eq!(run.code, Some(code), "{reference}: {run:?}");
        if code != 2 {
            let last = run.stdout.lines().last().unwrap_or_default();
            let name = reference.trim_end_matches(":1").trim_end_matches(":none");
            assert!(last.contains(name), "{last} names {name}");
        }
    }
}

#[test]
fn a_document_on_standard_input_is_judged_and_stays_inconclusive() {
    let demo = Demo::start();
    let folder = scratch();
    let document = |tag: &str| {
        let raw = polyarch(["inspect", &demo.image(tag), "--format", "raw"]);
        assert_eq!(raw.code, Some(0), "{raw:?}");
        file(&folder, tag, &raw.stdout)
    };
    let given = |path: &str| -> Run {
        let input = fs::File::open(path).expect("the document");
        polyarch_as(["verify", "-", "--format", "json"], |command| {
            command.stdin(Stdio::from(input));
        })
    };
    assert_eq!(given(&document("good")).code, Some(3));
    let missing = given(&document("missing-platform"));
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(rules(&missing).contains(&"platform-missing".to_owned()));
    let nonsense = given(&file(&folder, "nonsense", "{"));
    assert_eq!(nonsense.code, Some(1), "{nonsense:?}");
}

#[test]
fn waiting_ends_with_the_tag_or_with_the_time() {
    let registry = Registry::start();
    let image = Built::usual();
    let reference = registry.reference("team/app:late");
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(1500));
            image.push(&reference, Format::Oci);
        });
        let run = verify(&[&reference, "--wait", "60s"]);
        assert_eq!(run.code, Some(0), "{run:?}");
    });
    let never = registry.reference("team/app:never");
    assert_eq!(verify(&[&never, "--wait", "1s"]).code, Some(1));
    assert_eq!(verify(&[&never, "--wait", "soon"]).code, Some(2));
}

#[test]
fn a_dockerfile_says_what_the_configs_must_be() {
    let demo = Demo::start();
    let folder = scratch();
    let other = file(
        &folder,
        "Dockerfile",
        "FROM scratch\nENV SURELY=unlike\nUSER 4711\n",
    );
    let run = verify(&[
        &demo.image("good"),
        "--dockerfile",
        &other,
        "--format",
        "json",
    ]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        rules(&run).contains(&"config-unexpected".to_owned()),
        "{run:?}"
    );
    let broken = file(&folder, "Broken", "FORM scratch\n");
    assert_eq!(
        verify(&[&demo.image("good"), "--dockerfile", &broken]).code,
        Some(2)
    );
    assert_eq!(
        verify(&[&demo.image("good"), "--target", "x"]).code,
        Some(2)
    );
    let argument = file(
        &folder,
        "Argued",
        "FROM scratch AS a\nARG V=1\nENV V=$V\nFROM a\n",
    );
    let run = verify(&[
        &demo.image("good"),
        "--dockerfile",
        &argument,
        "--build-arg",
        "V=27",
        "--target",
        "a",
    ]);
    assert!(run.stdout.contains("`27`"), "{run:?}");
}
