//! `polyarch verify --deep` on a real registry and on real layouts: layers are read, whole.

use crate::gate::{errors, pushed, verify};
use crate::real::image::{Built, Format};
use crate::real::layout::Layout;
use crate::real::registry::Registry;

#[test]
fn layers_that_are_as_they_should_be_pass() {
    let registry = Registry::start();
    let image = Built::usual();
    for (format, tag) in [(Format::Oci, "oci"), (Format::Docker, "docker")] {
        let reference = registry.reference(&format!("team/app:{tag}"));
        image.push(&reference, format);
        let result = verify(&[&reference, "--deep"], 0);
        assert_eq!(result["depth"], "deep", "{result}");
        assert_eq!(errors(&result), Vec::<String>::new(), "{result}");
    }
}

#[test]
fn a_flipped_bit_of_a_layer_fails() {
    let registry = pushed();
    let reference = registry.reference("team/app:1");
    let child = registry.child("team/app", "1", "arm64");
    let damaged = Layout::copy_of(&reference);
    let layer = damaged.document(&child)["layers"][1]["digest"]
        .as_str()
        .unwrap()
        .to_owned();
    damaged.flip(&layer, 30);
    // Its size is right, and nobody looked inside.
    verify(&[&damaged.reference()], 0);
    let result = verify(&[&damaged.reference(), "--deep"], 1);
    let is_named = |error: &String| error.starts_with("layer-digest-mismatch");
    assert!(errors(&result).iter().any(is_named), "{result}");
}

#[test]
fn a_program_for_another_cpu_fails_when_layers_are_read() {
    let registry = Registry::start();
    // Debian's own program for this machine, in the image that says arm64.
    let busybox = std::fs::read("/bin/busybox").expect("`scripts/setup test` installs it");
    let reference = registry.reference("team/app:1");
    // One byte more: buildah would take two equal images for one.
    let other = [busybox.as_slice(), b"\n"].concat();
    Built::with_programs(&busybox, &other).push(&reference, Format::Oci);
    let shallow = verify(&[&reference], 0);
    assert_eq!(shallow["depth"], "default");
    let result = verify(&[&reference, "--deep"], 1);
    assert_eq!(
        errors(&result),
        ["binary-platform-mismatch linux/arm64"],
        "{result}"
    );
}
