//! What each fuzz target does with its input; shared by the fuzzer and by the test that replays the
//! corpus on stable Rust.
//!
//! A target must return for any bytes at all, and it checks what must hold whatever they are.

use std::time::{Duration, SystemTime};

use polyarch_core::analysis::{Project, analyse};
use polyarch_core::ci::shell;
use polyarch_core::digest::{Check, Digest};
use polyarch_core::dockerfile;
use polyarch_core::http::{challenge as challenges, retry_after as wait};
use polyarch_core::oci::{Content, Descriptor, Document, Role, media_type, scan};
use polyarch_core::platform::Platform;
use polyarch_core::reference::{Reference, Target};
use polyarch_core::rules::judge;
use polyarch_core::share;
use polyarch_core::verify::{
    Answer, Ask, Depth, Expectation, Failure, FailureKind, LayerFacts, LayerScanner, Limits,
    Program, Received, Verdict, Walk, program_of,
};

/// What a target does with its input.
type Run = fn(&[u8]);

/// Every target by the name of its corpus folder.
pub(crate) const TARGETS: &[(&str, Run)] = &[
    ("digest", digest),
    ("platform", platform),
    ("reference", reference),
    ("challenge", challenge),
    ("retry_after", retry_after),
    ("json", json),
    ("manifest", manifest),
    ("index", index),
    ("config", config),
    ("layer", layer),
    ("tar", tar),
    ("program", program),
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

/// What was understood of a login header is understood again when it is written in the plain way.
pub(crate) fn challenge(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for challenge in challenges::parse(text.split('\n')) {
        assert!(!challenge.scheme.is_empty());
        assert_eq!(challenge.scheme, challenge.scheme.to_ascii_lowercase());
        let mut header = challenge.scheme.clone();
        for (at, (key, value)) in challenge.parameters.iter().enumerate() {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            let glue = if at == 0 { " " } else { "," };
            header.push_str(&format!("{glue}{key}=\"{value}\""));
        }
        assert_eq!(
            challenges::parse([header.as_str()]),
            [challenge],
            "{header}"
        );
    }
}

/// A wait only gets shorter while time goes by.
pub(crate) fn retry_after(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let later = now + Duration::from_secs(3600);
    assert!(wait(&text, later) <= wait(&text, now));
}

/// What the strict reader takes, every reader takes, and in the same way.
pub(crate) fn json(bytes: &[u8]) {
    if let Ok(value) = scan::scan(bytes) {
        let other = serde_json::from_slice::<serde_json::Value>(bytes);
        assert_eq!(other.ok(), Some(value));
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

/// Whatever a tag's document says, it does not pass when nothing that it names is there.
pub(crate) fn index(bytes: &[u8]) {
    let target = Target::Tag("t".to_owned());
    let mut walk = Walk::new(target, Depth::AllLayers, Limits::default());
    let mut asked = 0;
    while let Some(request) = walk.poll() {
        asked += 1;
        let answer = if let Ask::Manifest {
            target: Target::Tag(_),
            ..
        } = request.ask
        {
            Answer::Document(Received {
                body: bytes.to_vec(),
                ..Received::default()
            })
        } else {
            Answer::Failed(Failure::new(FailureKind::NotFound, "404"))
        };
        walk.handle(request.id, answer);
    }
    assert!(asked < 5_000, "{asked}");
    let report = judge(&walk.finish(), &Expectation::default());
    assert_ne!(report.verdict, Verdict::Pass);
}

/// A layer is scanned alike whole and in pieces.
pub(crate) fn layer(bytes: &[u8]) {
    let facts = scanned(bytes);
    assert_eq!(facts.size, bytes.len() as u64);
    assert_eq!(facts.digest, Some(Digest::sha256(bytes)));
}

/// The same for archives whose headers have the right checksum, which no chance finds.
pub(crate) fn tar(bytes: &[u8]) {
    let mut archive = bytes.to_vec();
    for block in archive.chunks_exact_mut(512) {
        if block[257..].starts_with(b"ustar") {
            block[148..156].fill(b' ');
            let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
    }
    for program in scanned(&archive).executables {
        assert!(program.path.starts_with('/'), "{}", program.path);
    }
}

/// A program is for something, and what it is for can be said.
pub(crate) fn program(bytes: &[u8]) {
    for platform in program_of(bytes).iter().flat_map(Program::platforms) {
        assert!(!platform.to_string().is_empty());
    }
}

/// The facts about a layer, whole; in pieces they must be the same.
fn scanned(bytes: &[u8]) -> LayerFacts {
    let descriptor = Descriptor {
        media_type: media_type::OCI_LAYER_GZIP.to_owned(),
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
    whole
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
