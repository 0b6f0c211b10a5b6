//! The commands beside `verify`.

use super::{Demo, scratch};
use crate::real::polyarch::polyarch;

#[test]
fn inspect_shows_the_tag_as_a_tree_and_as_json() {
    let demo = Demo::start();
    let image = demo.image("good-attested");
    let human = polyarch(["inspect", image.as_str()]);
    assert_eq!(human.code, Some(0), "{human:?}");
    for part in [
        "linux/amd64",
        "attestation of linux/arm64",
        "config",
        "checked",
        "present",
    ] {
        assert!(human.stdout.contains(part), "{part}: {}", human.stdout);
    }
    let json = polyarch(["inspect", &image, "--format", "json"]).json();
    let children = json["nodes"][0]["children"].as_array().expect("children");
    assert_eq!(children.len(), 4);
    assert_eq!(children[0]["kind"], "image");
    assert_eq!(children[2]["kind"], "attestation");
    assert_eq!(children[0]["config"]["state"], "checked");
    let one = polyarch([
        "inspect",
        &image,
        "--platform",
        "linux/arm64",
        "--format",
        "json",
    ]);
    assert_eq!(one.json()["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(
        polyarch(["inspect", &image, "--platform", "linux/s390x"]).code,
        Some(2)
    );
    assert_eq!(polyarch(["inspect", &demo.image("none")]).code, Some(1));
    assert_eq!(polyarch(["inspect", &demo.image("private")]).code, Some(3));
}

#[test]
fn inspect_says_what_a_client_would_pull() {
    let demo = Demo::start();
    let good = demo.image("good");
    for (client, code, expected) in [
        ("apple-silicon", 0, "linux/arm64"),
        ("graviton", 0, "linux/arm64"),
        ("amd64-node", 0, "linux/amd64"),
        ("linux/arm64/v8", 0, "linux/arm64"),
        (
            "raspberry-pi-os-32",
            1,
            "no matching manifest for linux/arm/v7",
        ),
        ("windows-server-2022", 1, "no matching manifest for windows"),
        ("toaster/", 2, ""),
    ] {
        let run = polyarch(["inspect", &good, "--as", client]);
        assert_eq!(run.code, Some(code), "{client}: {run:?}");
        assert!(run.stdout.contains(expected), "{client}: {run:?}");
    }
    let single = demo.image("single-platform");
    let run = polyarch(["inspect", &single, "--as", "apple-silicon"]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(
        run.stdout
            .contains("does not match the detected host platform"),
        "{run:?}"
    );
}

#[test]
fn explain_prints_pages_for_people_and_programs() {
    let list = polyarch(["explain", "--format", "json"]).json();
    let rules = list["rules"].as_array().expect("rules");
    let missing = rules
        .iter()
        .find(|rule| rule["rule"] == "platform-missing")
        .expect("the rule");
    assert_eq!(missing["severity"], "error");
    assert_eq!(missing["group"], "image");
    let page = polyarch(["explain", "platform-missing"]);
    assert!(page.stdout.contains("What happens"), "{page:?}");
    let unknown = polyarch(["explain", "platform-mising"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("platform-missing"), "{unknown:?}");
}

#[test]
fn serve_refuses_what_it_cannot_do_safely() {
    let demo = Demo::start();
    let taken = polyarch(["serve", "--addr", &demo.host]);
    assert_eq!(taken.code, Some(2), "{taken:?}");
    assert!(taken.stderr.contains("--addr"), "{taken:?}");
    let exposed = polyarch([
        "serve",
        "--addr",
        "0.0.0.0:0",
        "--allow-registry",
        "ghcr.io",
    ]);
    assert_eq!(exposed.code, Some(2), "{exposed:?}");
    let folder = scratch();
    let path = folder.path().display().to_string();
    assert_eq!(polyarch(["serve", "--allow-registry", &path]).code, Some(2));
}
