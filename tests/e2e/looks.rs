//! How the page is used and looks, in Debian's Chromium: by keys alone, in every view and theme,
//! without anything that jumps; and the README's picture of it.
//!
//! `UPDATE_GENERATED=1 cargo test -p polyarch-tests --test e2e -- picture` takes it anew.

use std::fs;

use serde_json::{Value, json};

use crate::browser::Page;
use crate::tree::root;

#[test]
fn every_view_is_accessible_in_both_themes_at_every_width_and_zoomed() {
    let seen = Page::serve().script("everywhere.mjs", &[]);
    assert_eq!(seen["problems"], json!([]));
    assert!(seen["looked"].as_u64() >= Some(45), "{}", seen["looked"]);
}

#[test]
fn the_page_can_be_used_by_its_keys_and_says_when_a_newer_one_is_there() {
    let seen = Page::serve().script("keys.mjs", &[]);
    assert_eq!(seen["complaints"], json!([]));
    assert_eq!(seen["panes"], json!(["compose", "outcome", "compose"]));
    assert_eq!(seen["added"], 1);
    assert_eq!(seen["verdict"], "Publishes 4 platforms.");

    // Over the shared rows there is one cell, and the column is kept under it.
    let walk: Vec<&str> = seen["walk"]
        .as_array()
        .expect("cells")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(walk.len(), 7, "{walk:?}");
    assert!(
        walk.iter().all(|id| id.starts_with("cell-")),
        "every key stays in the loom: {walk:?}"
    );
    assert!(
        walk.windows(2).filter(|pair| pair[0] != pair[1]).count() >= 5,
        "and moves in it: {walk:?}"
    );
    assert_eq!(seen["stops"], 1);
    assert_eq!(seen["selected"], walk[6]);
    assert_eq!(seen["home"], "dockerfile");

    for dialog in ["sheet", "palette"] {
        assert_eq!(seen[dialog], true, "{dialog} takes the focus");
    }
    for after in ["afterSheet", "afterPalette"] {
        assert_eq!(seen[after], "outcome-tab-0", "{after}");
    }
    assert!(seen["keys"].as_u64() >= Some(10));
    assert_eq!(seen["run"], "Registry");

    let failing = seen["failing"].as_str().unwrap_or_default();
    assert!(failing.contains("docker buildx build"), "{failing}");
    assert_eq!(seen["visited"].as_array().map(Vec::len), Some(3));
    assert_eq!(seen["mended"], "The job passes and publishes 2 platforms.");

    let update = &seen["update"];
    assert_eq!(update["quiet"], "", "nothing is said of the same version");
    assert_eq!(update["kept"], format!("polyarch-{}", "0".repeat(16)));
    assert_eq!(update["after"], "");
}

#[test]
fn nothing_jumps_when_the_page_arrives_or_while_one_types() {
    let seen = Page::serve().script("shift.mjs", &[]);
    assert_eq!(seen["complaints"], json!([]));
    let sizes = seen["seen"].as_array().expect("sizes");
    assert_eq!(sizes.len(), 4);
    for one in sizes {
        let width = &one["width"];
        assert_eq!(
            one["moved"],
            json!([]),
            "from picture to page at {width} px"
        );
        for when in ["start", "typing"] {
            let shift = one[when].as_f64().expect("a sum");
            assert!(shift <= 0.01, "{when} at {width} px: {shift}");
        }
    }
}

#[test]
fn the_picture_of_the_readme_is_of_this_page() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let docs = root().join("docs");
    let update = std::env::var_os("UPDATE_GENERATED").is_some();
    let to = if update {
        docs.as_path()
    } else {
        folder.path()
    };
    let said = Page::serve().script("picture.mjs", &[to.to_str().expect("a UTF-8 path")]);
    assert_eq!(said["complaints"], json!([]));
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    for theme in ["light", "dark"] {
        let name = format!("playground-{theme}.webp");
        assert!(readme.contains(&format!("docs/{name}")), "{name} is shown");
        for picture in [to.join(&name), docs.join(&name)] {
            let bytes = fs::read(&picture).expect("the picture");
            assert_eq!(size(&bytes), Some((1280, 720)), "{}", picture.display());
            assert!(bytes.len() <= 150_000, "{name}: {} bytes", bytes.len());
        }
    }
}

/// Width and height of a WebP with a colour profile: each less one, in three bytes.
fn size(webp: &[u8]) -> Option<(u32, u32)> {
    let is_webp = webp.starts_with(b"RIFF") && webp.get(8..16) == Some(b"WEBPVP8X");
    let at = |from: usize| {
        let bytes = webp.get(from..from + 3)?;
        Some(
            1 + bytes
                .iter()
                .rev()
                .fold(0, |all, byte| all << 8 | u32::from(*byte)),
        )
    };
    Some((at(24)?, at(27)?)).filter(|_| is_webp)
}
