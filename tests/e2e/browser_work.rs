//! What the page is used for, in Debian's Chromium: costs and other ways to build, and one
//! selection in every view.

use serde_json::Value;

use crate::browser::Page;

#[test]
fn a_step_that_is_selected_anywhere_is_selected_everywhere() {
    let seen = Page::serve().script("selection.mjs", &[]);
    assert_eq!(seen["complaints"], Value::Array(Vec::new()));
    let all = seen["all"].as_array().expect("a line for each pair");
    assert_eq!(all.len(), 5 * 6);
    for one in all {
        let line = one["line"].as_u64().unwrap_or_default();
        let (step, says) = (
            match line {
                3 => "COPY . .",
                5 => "go build -o /app",
                7 => "apk add tini",
                _ => "COPY --from=build /app /app",
            },
            one["says"].as_str().unwrap_or_default(),
        );
        let expected = if one["to"] == "loom" {
            says == line.to_string()
        } else {
            says.contains(step)
        };
        assert!(expected, "{one}");
    }
    let platform = seen["platform"].as_str().unwrap_or_default();
    assert!(
        platform.contains("docker.io/library/alpine:3.22"),
        "{platform}"
    );
}

#[test]
fn costs_and_the_edits_to_other_ways_are_there_and_every_switch_too() {
    let seen = Page::serve().script("costs.mjs", &[]);
    for nothing in ["complaints", "violations", "switchViolations"] {
        assert_eq!(seen[nothing], Value::Array(Vec::new()), "{nothing}");
    }
    assert_eq!(seen["wide"], 0, "the page scrolls sideways");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let took = seen["loomTook"].to_string();
    assert!(
        took.contains("≈ 6 min 40 s"),
        "a compiler under QEMU: {took}"
    );
    let all = &seen["table"][2];
    assert_eq!(all[0], "In all");
    assert_eq!(
        (&all[1]["emulated"], &all[1]["pulls"]),
        (&"2".into(), &"4".into())
    );
    assert_eq!(seen["before"]["emulate"][1], "It is so already.");
    let crossed = &seen["crossed"];
    assert!(text(&crossed["text"]).contains("GOOS=$TARGETOS GOARCH=$TARGETARCH go build"));
    assert_eq!(crossed["verdict"], "Publishes 2 platforms.");
    assert_eq!(crossed["ways"]["as-written"][0], "≈ 43 s");
    assert!(!text(&seen["emulated"]).contains("BUILDPLATFORM"));
    assert_eq!(seen["undone"], crossed["text"]);
    assert!(text(&seen["native"]).contains("push-by-digest=true"));
    for key in [
        "registry.old",
        "registry.replicated",
        "build.emulation-factor",
        "variables.NAME",
    ] {
        assert!(seen["keys"].to_string().contains(key), "{key}");
    }
    assert!(text(&seen["link"]).starts_with("#v1."));
    let command = text(&seen["command"]);
    assert!(command.contains("SOURCE_DATE_EPOCH=7"), "{command}");
    assert!(
        command.contains("--output=type=image,oci-mediatypes=false"),
        "{command}"
    );
    assert!(!text(&seen["types"]).contains("attestation"));
}
