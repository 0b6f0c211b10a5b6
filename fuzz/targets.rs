//! What each fuzz target does with its input; shared by the fuzzer and by the test that replays the
//! corpus on stable Rust.
//!
//! A target must return for any bytes at all, and it checks what must hold whatever they are.

use polyarch_core::analysis::{Project, analyse};
use polyarch_core::ci::shell;
use polyarch_core::digest::{Check, Digest};
use polyarch_core::dockerfile;
use polyarch_core::oci::{Content, Descriptor, Document, Role};
use polyarch_core::platform::Platform;
use polyarch_core::reference::Reference;
use polyarch_core::share;
use polyarch_core::verify::LayerScanner;

/// What a target does with its input.
type Target = fn(&[u8]);

/// Every target by the name of its corpus folder.
pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("digest", digest),
    ("platform", platform),
    ("reference", reference),
    ("manifest", manifest),
    ("config", config),
    ("layer", layer),
    ("dockerfile", dockerfile_text),
    ("shell", shell_script),
    ("link", link),
];

/// Digests print as they were read, and hashing agrees with itself.
pub(crate) fn digest(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(digest) = text.parse::<Digest>()
    {
        assert_eq!(digest.to_string(), text);
    }
    assert_eq!(Digest::sha256(bytes).check(bytes), Check::Match);
}

/// Normalising twice changes nothing more, and a parsed platform can be read back.
pub(crate) fn platform(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(platform) = text.parse::<Platform>() else {
        return;
    };
    assert_eq!(platform.normalised(), platform);
    assert_eq!(
        platform
            .specifier()
            .parse::<Platform>()
            .map(|p| p.specifier()),
        Ok(platform.specifier())
    );
}

/// A full reference reads back as itself.
pub(crate) fn reference(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(reference) = text.parse::<Reference>() {
        assert_eq!(reference.to_string().parse(), Ok(reference));
    }
}

/// A manifest is read in one way or refused; its digest is that of its bytes.
pub(crate) fn manifest(bytes: &[u8]) {
    let document = Document::new(bytes);
    assert_eq!(*document.digest(), Digest::sha256(bytes));
    assert!(!matches!(document.read(Role::Manifest), Content::Config(_)));
}

/// A config is read as one or refused.
pub(crate) fn config(bytes: &[u8]) {
    let content = Document::new(bytes).read(Role::Config);
    assert!(matches!(content, Content::Config(_) | Content::Flawed(_)));
}

/// A layer is scanned alike whole and in pieces.
pub(crate) fn layer(bytes: &[u8]) {
    let descriptor = Descriptor {
        media_type: "application/vnd.oci.image.layer.v1.tar+gzip".to_owned(),
        digest: Digest::sha256(bytes),
        size: bytes.len() as u64,
        platform: None,
        annotations: std::collections::BTreeMap::new(),
        urls: Vec::new(),
        data: None,
        artifact_type: None,
    };
    let mut whole = LayerScanner::new(&descriptor);
    whole.write(bytes);
    let whole = whole.finish();
    let mut pieces = LayerScanner::new(&descriptor);
    bytes.chunks(7).for_each(|piece| pieces.write(piece));
    assert_eq!(pieces.finish(), whole);
    assert_eq!(whole.digest.as_ref(), Some(&descriptor.digest));
}

/// Any text at all can be read and analysed as a Dockerfile.
pub(crate) fn dockerfile_text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let _ = dockerfile::parse(&text);
    let project = Project {
        dockerfile: text,
        ..Project::default()
    };
    assert_eq!(analyse(&project), analyse(&project));
}

/// Any text at all can be read as a script.
pub(crate) fn shell_script(bytes: &[u8]) {
    let _ = shell::parse(&String::from_utf8_lossy(bytes));
}

/// What can be decoded as a link is encoded to something that decodes to the same.
pub(crate) fn link(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(project) = share::decode(&text)
        && let Ok(link) = share::encode(&project)
    {
        assert_eq!(share::decode(&link), Ok(project));
    }
}
