//! What must hold: platforms, digests, depth, waivers, policy.

use super::{Demo, file, rules, scratch, verify};
use crate::real::polyarch::{Run, polyarch_as};

#[test]
fn platforms_and_exact_say_what_the_tag_must_have() {
    let demo = Demo::start();
    let three = demo.image("three-platforms");
    for (args, code) in [
        (&[][..], 0),
        (&["--exact"], 1),
        (&["--platform", "linux/amd64"], 0),
        (&["--platform", "linux/amd64,linux/s390x"], 1),
        (
            &[
                "--platform",
                "linux/x86_64",
                "--platform",
                "linux/aarch64/v8",
            ],
            0,
        ),
        (&["--platform", "linux/"], 2),
    ] {
        let mut all = vec![three.as_str()];
        all.extend(args);
        assert_eq!(verify(&all).code, Some(code), "{args:?}");
    }
    let run = verify(&[&three, "--exact", "--format", "json"]);
    assert_eq!(rules(&run), ["platform-unexpected"]);
}

#[test]
fn an_expected_digest_and_a_metadata_file_pin_the_tag() {
    let demo = Demo::start();
    let (good, digest) = (demo.image("good"), demo.digest("good"));
    let other = demo.digest("nested");
    assert_eq!(verify(&[&good, "--expect-digest", &digest]).code, Some(0));
    let run = verify(&[&good, "--expect-digest", &other, "--format", "json"]);
    assert_eq!(
        (run.code, rules(&run)),
        (Some(1), vec!["digest-unexpected".to_owned()])
    );
    assert_eq!(
        verify(&[&good, "--expect-digest", "sha256:12"]).code,
        Some(2)
    );

    let folder = scratch();
    let build = format!("{{\"containerimage.digest\":\"{digest}\",\"image.name\":\"x\"}}");
    let bake = format!(
        "{{\"a\":{{\"containerimage.digest\":\"{other}\",\"image.name\":\"{}\"}},\
         \"b\":{{\"containerimage.digest\":\"{digest}\",\"image.name\":\"{good}\"}}}}",
        demo.image("nested")
    );
    for (name, text, code) in [
        ("build.json", build.as_str(), 0),
        ("bake.json", bake.as_str(), 0),
        ("stale.json", &build.replace(&digest, &other), 1),
        ("empty.json", "{}", 2),
        ("broken.json", "{", 2),
    ] {
        let path = file(&folder, name, text);
        let run = verify(&[&good, "--metadata-file", &path]);
        assert_eq!(run.code, Some(code), "{name}: {run:?}");
    }
    let run = verify(&[&good, "--metadata-file", "/nowhere.json"]);
    assert_eq!(run.code, Some(2), "{run:?}");
}

#[test]
fn another_tag_can_be_demanded_to_be_the_same_image() {
    let demo = Demo::start();
    let other_registry = Demo::start();
    let good = demo.image("good");
    for (other, code) in [
        (other_registry.image("good"), 0),
        (demo.image("nested"), 1),
        (demo.image("no-such-tag"), 1),
        (demo.image("private"), 3),
        ("127.0.0.1:1/x:1".to_owned(), 3),
        ("not a reference".to_owned(), 2),
    ] {
        let run = verify(&[&good, "--same-as", &other, "--retries", "0"]);
        assert_eq!(run.code, Some(code), "{other}: {run:?}");
        assert!(
            code == 0 || format!("{run:?}").contains(&other),
            "{other}: {run:?}"
        );
    }
    let run = verify(&[
        &good,
        "--same-as",
        &other_registry.image("good"),
        "--same-as",
        &demo.image("nested"),
    ]);
    assert_eq!(run.code, Some(1), "every one of several counts");
}

#[test]
fn strict_makes_warnings_count() {
    let demo = Demo::start();
    let image = demo.image("dangling-attestation");
    assert_eq!(verify(&[&image]).code, Some(0));
    assert_eq!(verify(&[&image, "--strict"]).code, Some(1));
}

#[test]
fn deep_looks_into_layers_and_says_how_deep_it_looked() {
    let demo = Demo::start();
    for (tag, args, code, depth) in [
        ("wrong-binary", &[][..], 0, "default"),
        ("wrong-binary", &["--deep"], 1, "deep"),
        ("wrong-binary", &["--deep=all"], 1, "deep"),
        ("wrong-binary", &["--deep=shared"], 1, "deep-shared"),
        ("tampered-layer", &[], 0, "default"),
        ("tampered-layer", &["--deep"], 1, "deep"),
        ("good", &["--deep"], 0, "deep"),
    ] {
        let image = demo.image(tag);
        let mut all = vec![image.as_str(), "--format", "json"];
        all.extend(args);
        let run = verify(&all);
        assert_eq!(run.code, Some(code), "{tag} {args:?}: {run:?}");
        assert_eq!(run.json()["results"][0]["depth"], depth);
    }
    assert_eq!(verify(&[&demo.image("good"), "--deep=some"]).code, Some(2));
    let default = verify(&[&demo.image("good")]).stdout.replace("\n  ", " ");
    assert!(
        default.contains("Layer contents were not examined."),
        "{default}"
    );
}

#[test]
fn a_waiver_needs_a_rule_that_may_be_waived_and_a_reason() {
    let demo = Demo::start();
    let image = demo.image("wrong-binary");
    for (allow, code) in [
        ("binary-platform-mismatch=emulated on purpose", 0),
        (
            "binary-platform-mismatch:/usr/local/**=emulated on purpose",
            0,
        ),
        ("binary-platform-mismatch:/opt/**=elsewhere", 1),
        ("binary-platform-mismatch=", 2),
        ("binary-platform-mismatch", 2),
        ("layer-digest-mismatch=no", 2),
        ("platform-missing=no", 2),
        ("no-such-rule=no", 2),
    ] {
        let run = verify(&[&image, "--deep", "--allow", allow]);
        assert_eq!(run.code, Some(code), "{allow}: {run:?}");
    }
    let allow = "binary-platform-mismatch=emulated on purpose";
    let run = verify(&[&image, "--deep", "--allow", allow, "--format", "json"]);
    assert_eq!(
        run.json()["results"][0]["findings"][0]["waived"],
        "emulated on purpose"
    );
}

#[test]
fn a_policy_file_is_read_by_itself_named_and_overruled() {
    let demo = Demo::start();
    let folder = scratch();
    file(
        &folder,
        "polyarch.toml",
        "[verify]\nplatforms = [\"linux/amd64\", \"linux/s390x\"]\n",
    );
    let other = file(
        &folder,
        "other.toml",
        "[verify]\nplatforms = [\"linux/arm64\"]\n",
    );
    let broken = file(&folder, "broken.toml", "[verify]\nplatform = []\n");
    let good = demo.image("good");
    let here = |args: &[&str]| -> Run {
        let all = ["verify", &good].into_iter().chain(args.iter().copied());
        polyarch_as(all, |command| {
            command.current_dir(folder.path());
        })
    };
    let by_itself = here(&[]);
    assert_eq!(by_itself.code, Some(1), "{by_itself:?}");
    assert!(
        by_itself.stdout.contains("Policy: polyarch.toml"),
        "{by_itself:?}"
    );
    assert_eq!(here(&["--no-policy"]).code, Some(0));
    assert_eq!(here(&["--policy", &other]).code, Some(0));
    assert_eq!(
        here(&["--platform", "linux/amd64"]).code,
        Some(0),
        "the command line wins"
    );
    let refused = here(&["--policy", &broken]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("broken.toml"), "{refused:?}");
    assert_eq!(here(&["--policy", "/nowhere.toml"]).code, Some(2));
    assert_eq!(here(&["--policy", &other, "--no-policy"]).code, Some(2));
}

#[test]
fn a_policy_can_ask_for_depth_and_waive_with_reasons() {
    let demo = Demo::start();
    let folder = scratch();
    let policy = |text: &str| file(&folder, "policy.toml", text);
    let image = demo.image("wrong-binary");
    let deep = policy("[verify]\ndeep = \"shared\"\n");
    assert_eq!(verify(&[&image, "--policy", &deep]).code, Some(1));
    let waived = policy(
        "[verify]\ndeep = \"all\"\n[[verify.allow]]\nrule = \"binary-platform-mismatch\"\n\
         path = \"/usr/local/bin/*\"\nplatform = \"linux/arm64\"\nreason = \"emulated\"\n",
    );
    assert_eq!(verify(&[&image, "--policy", &waived]).code, Some(0));
    let elsewhere = policy(
        "[verify]\ndeep = \"all\"\n[[verify.allow]]\nrule = \"binary-platform-mismatch\"\n\
         platform = \"linux/amd64\"\nreason = \"emulated\"\n",
    );
    assert_eq!(verify(&[&image, "--policy", &elsewhere]).code, Some(1));
}
