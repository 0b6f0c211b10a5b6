//! The founding post's lessons on real images: what the preview says of a Dockerfile before the
//! push, `verify --deep` finds in what buildah makes of the same files, with Debian's own busybox
//! for amd64 and arm64 as the programs. The page shows the same scenarios in `learning`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use polyarch_core::analysis::{ContextFile, Project, analyse};
use serde_json::{Value, json};

use crate::gate::verify;
use crate::real::image::{Built, Format};
use crate::real::process::run;
use crate::real::registry::Registry;
use crate::tree::root;

const BOTH: &str = "linux/amd64,linux/arm64";

/// A registry with a base for both CPUs, and with one that has amd64 alone.
struct Bench {
    registry: Registry,
    busybox: [Vec<u8>; 2],
}

impl Bench {
    fn set_up() -> Self {
        let bench = Self {
            registry: Registry::start(),
            busybox: ["amd64", "arm64"].map(busybox),
        };
        let [amd64, arm64] = &bench.busybox;
        let files: [(&str, &[u8]); 2] = [("amd64/busybox", amd64), ("arm64/busybox", arm64)];
        let dockerfile = "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH/busybox /bin/busybox\n\
             COPY $TARGETARCH/busybox /bin/sh\n";
        Built::of(dockerfile, &files, BOTH).push(&bench.name("team/base:1"), Format::Oci);
        // As from a laptop: a manifest for one CPU under a tag, and no index.
        let to = format!("docker://{}", bench.name("team/one:1"));
        let from = format!("docker://{}", bench.pinned());
        let plain = ["--src-tls-verify=false", "--dest-tls-verify=false"];
        let words = ["copy", "--quiet"].into_iter().chain(plain);
        run("skopeo", words.chain([from.as_str(), to.as_str()]));
        bench
    }

    fn name(&self, name: &str) -> String {
        self.registry.reference(name)
    }

    /// The same files previewed and built: paths that are for another CPU than arm64, before the
    /// push and after it.
    fn both(&self, dockerfile: &str, files: &[(&str, &[u8])]) -> (BTreeSet<String>, Vec<String>) {
        let before = self.predicted(dockerfile, files);
        let reference = self.name("team/app:1");
        Built::of(dockerfile, files, BOTH).push(&reference, Format::Oci);
        let code = i32::from(!before.is_empty());
        let result = verify(&[&reference, "--deep"], code);
        let findings = result["findings"].as_array().expect("findings").iter();
        let after = findings
            .filter(|finding| finding["rule"] == "binary-platform-mismatch")
            .inspect(|finding| assert_eq!(finding["platform"], "linux/arm64", "{finding}"))
            .map(Value::to_string)
            .collect();
        (before, after)
    }

    fn predicted(&self, dockerfile: &str, files: &[(&str, &[u8])]) -> BTreeSet<String> {
        let one = json!({"manifest": {"platform": "linux/amd64"}});
        let both = json!({"index": [{"platform": "linux/amd64"}, {"platform": "linux/arm64"}]});
        let bases = json!({
            (self.name("team/base:1")): both,
            (self.name("team/one:1")): one,
            (self.pinned()): one,
        });
        let file = |(path, bytes): &(&str, &[u8])| ContextFile {
            path: (*path).to_owned(),
            bytes: Some(bytes.to_vec()),
        };
        let analysis = analyse(&Project {
            dockerfile: dockerfile.to_owned(),
            files: files.iter().map(file).collect(),
            bases: Some(bases.to_string()),
            ..Project::default()
        });
        let platforms = analysis.platforms.iter();
        let files = platforms.flat_map(|platform| &platform.content);
        files
            .filter(|file| file.wrong)
            .map(|file| file.path.clone())
            .collect()
    }

    /// The base by the digest of its amd64 image.
    fn pinned(&self) -> String {
        let child = self.registry.child("team/base", "1", "amd64");
        self.name(&format!("team/base@{child}"))
    }
}

/// Debian's static busybox; `scripts/setup image` downloads it for both CPUs.
fn busybox(architecture: &str) -> Vec<u8> {
    let tools = std::env::var_os("POLYARCH_TOOLS");
    let tools = tools.map_or_else(|| root().join(".tools"), PathBuf::from);
    let path = tools.join("image").join(architecture).join("bin/busybox");
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is_found(after: &[String], path: &str) -> bool {
    after.iter().any(|finding| finding.contains(path))
}

#[test]
fn a_program_from_the_build_machine_is_found_before_and_after() {
    let bench = Bench::set_up();
    let base = bench.name("team/base:1");
    let dockerfile = format!("FROM {base}\nCOPY bin/app /usr/local/bin/app\n");
    let (before, after) = bench.both(&dockerfile, &[("bin/app", &bench.busybox[0])]);
    assert_eq!(before, BTreeSet::from(["/usr/local/bin/app".to_owned()]));
    assert_eq!(after.len(), 1, "{after:?}");
    assert!(is_found(&after, "/usr/local/bin/app"), "{after:?}");
}

#[test]
fn a_base_for_one_cpu_is_found_before_and_after() {
    let bench = Bench::set_up();
    // By its tag, and by the digest of one platform's image of a base that has both.
    for base in [bench.name("team/one:1"), bench.pinned()] {
        let dockerfile = format!("FROM {base}\nCOPY --from={base} /bin/busybox /opt/tool\n");
        let before = bench.predicted(&dockerfile, &[]);
        assert!(before.contains("/opt/tool"), "{base}: {before:?}");
        let reference = bench.name("team/app:1");
        Built::of(&dockerfile, &[], BOTH).push(&reference, Format::Oci);
        // BuildKit gives each entry a config of its own platform. buildah builds both from one
        // local image and may leave them the same config; then the gate tells of the config.
        let result = verify(&[&reference, "--deep"], 1);
        let findings = result["findings"].as_array().expect("findings");
        let tells = |finding: &Value| {
            finding["rule"] == "config-platform-mismatch"
                || finding["rule"] == "binary-platform-mismatch"
        };
        assert!(findings.iter().any(tells), "{result}");
    }
}

#[test]
fn scripts_and_jars_are_fine_before_and_after() {
    let bench = Bench::set_up();
    let base = bench.name("team/base:1");
    let dockerfile = format!("FROM {base}\nCOPY app.jar run.sh /app/\n");
    let files: [(&str, &[u8]); 2] = [("app.jar", b"PK\x03\x04jar"), ("run.sh", b"#!/bin/sh\n")];
    let (before, after) = bench.both(&dockerfile, &files);
    assert_eq!((before, after), (BTreeSet::new(), Vec::new()));
}

#[test]
fn what_a_build_stage_has_for_each_platform_is_fine_before_and_after() {
    let bench = Bench::set_up();
    let base = bench.name("team/base:1");
    let [amd64, arm64] = &bench.busybox;
    let dockerfile = format!(
        "FROM {base} AS build\nARG TARGETARCH\nCOPY out/$TARGETARCH/app /out/app\n\
         FROM {base}\nCOPY --from=build /out/app /usr/local/bin/app\n"
    );
    let files: [(&str, &[u8]); 2] = [("out/amd64/app", amd64), ("out/arm64/app", arm64)];
    let (before, after) = bench.both(&dockerfile, &files);
    assert_eq!((before, after), (BTreeSet::new(), Vec::new()));
}
