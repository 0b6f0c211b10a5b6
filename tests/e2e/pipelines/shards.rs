//! The examples that share out thousands of references: run over a dozen in three shards, they give
//! the report and the exit code of one run.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use polyarch_core::ci::yaml::Node;
use serde_json::Value;

use super::component::Gate;
use super::{at, documents, good_and_half, search_path};
use crate::options::scratch;
use crate::real::polyarch::polyarch;
use crate::real::registry::Registry;
use crate::tree::text;

const SHARDS: usize = 3;

/// A dozen references and a comment, with good and bad ones in each third.
fn references(registry: &Registry) -> String {
    let tags = ["1", "half", "1", "none"].repeat(3);
    let lines = tags
        .iter()
        .map(|tag| registry.reference(&format!("team/app:{tag}")));
    let lines: Vec<String> = lines.collect();
    format!("# all images\n{}\n", lines.join("\n"))
}

/// The report of one run over everything.
fn unsharded(list: &Path) -> (Option<i32>, Value) {
    let list = list.display().to_string();
    let run = polyarch(["verify", "--format", "json", "--from-file", &list]);
    (run.code, comparable(&run.stdout))
}

/// Without what one run saves by asking once for what several references share.
fn comparable(report: &str) -> Value {
    let mut report: Value = serde_json::from_str(report).expect("a report");
    for result in report["results"].as_array_mut().expect("results") {
        let result = result.as_object_mut().expect("a result");
        assert!(result.remove("requests").is_some() && result.remove("bytes").is_some());
    }
    report
}

#[test]
fn gitlab_s_parallel_jobs_report_as_one() {
    let registry = good_and_half();
    let example = text("examples/gitlab-parallel.yml");
    let verify = Gate::of(&example, "verify-references");
    let list = verify.folder.path().join("references.txt");
    fs::write(&list, references(&registry)).unwrap();
    let total = SHARDS.to_string();
    for index in 1..=SHARDS {
        let index = index.to_string();
        let shard = [("CI_NODE_INDEX", index.as_str()), ("CI_NODE_TOTAL", &total)];
        let output = verify.run(&shard);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
    let merge = Gate {
        folder: verify.folder,
        ..Gate::of(&example, "verify-report")
    };
    let output = merge.run(&[]);
    let (code, whole) = unsharded(&list);
    assert_eq!(output.status.code(), code, "{output:?}");
    assert_eq!(comparable(&merge.read("polyarch.json")), whole);
    assert_eq!(whole["results"].as_array().unwrap().len(), 12);
}

#[test]
fn kubernetes_indexed_pods_report_as_one() {
    let registry = good_and_half();
    let folder = scratch();
    let list = folder.path().join("references.txt");
    fs::write(&list, references(&registry)).unwrap();
    let reports = folder.path().join("reports");
    fs::create_dir(&reports).unwrap();
    let all = documents(&text("examples/kubernetes-indexed-job.yaml"));
    let run = |job: &Node, index: usize| pod(job, folder.path(), index);
    for index in (0..SHARDS).rev() {
        let output = run(&all[1], index);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
    let output = run(&all[2], 0);
    let (code, whole) = unsharded(&list);
    assert_eq!(output.status.code(), code, "{output:?}");
    assert_eq!(comparable(&String::from_utf8_lossy(&output.stdout)), whole);
}

/// Runs the script of a job's container with the places that its volumes have on this machine.
fn pod(job: &Node, folder: &Path, index: usize) -> Output {
    let container = at(job, "spec.template.spec.containers.0");
    let script = at(container, "args.0").as_str().expect("a script");
    assert_eq!(at(container, "command").texts(), ["/bin/sh", "-c"]);
    Command::new("busybox")
        .args(["sh", "-c", script])
        .env("PATH", search_path())
        .env("JOB_COMPLETION_INDEX", index.to_string())
        .env("SHARDS", SHARDS.to_string())
        .env("REFERENCES", folder.join("references.txt"))
        .env("REPORTS", folder.join("reports"))
        .output()
        .expect("`scripts/setup test` installs busybox")
}

/// What the API server would refuse, or what would leave pods without what they name. Kubernetes'
/// schemas need its API server; this is what of them such a file can break.
#[test]
fn the_kubernetes_example_holds_together() {
    let all = documents(&text("examples/kubernetes-indexed-job.yaml"));
    let kinds: Vec<&str> = all.iter().filter_map(|d| at(d, "kind").as_str()).collect();
    assert_eq!(kinds, ["PersistentVolumeClaim", "Job", "Job"]);
    let claim = at(&all[0], "metadata.name").as_str();
    let completions = at(&all[1], "spec.completions").as_str();
    assert_eq!(at(&all[1], "spec.completionMode").as_str(), Some("Indexed"));
    for job in &all[1..] {
        assert_eq!(at(job, "apiVersion").as_str(), Some("batch/v1"));
        let pod = at(job, "spec.template.spec");
        // `podFailurePolicy` is taken with this one only.
        assert_eq!(at(pod, "restartPolicy").as_str(), Some("Never"));
        let container = at(pod, "containers.0");
        let value = |name: &str| {
            let mut all = at(container, "env").as_sequence().unwrap().iter();
            let found = all.find(|e| at(e, "name").as_str() == Some(name));
            found.and_then(|e| at(e, "value").as_str())
        };
        assert_eq!(value("SHARDS"), completions);
        let volumes = at(pod, "volumes").as_sequence().unwrap();
        let mounts = at(container, "volumeMounts").as_sequence().unwrap();
        assert_eq!(volumes.len(), mounts.len());
        for mount in mounts {
            let volume = volumes
                .iter()
                .find(|v| at(v, "name").as_str() == at(mount, "name").as_str());
            let volume = volume.expect("a volume for each mount");
            if let Some(own) = volume.get("persistentVolumeClaim") {
                assert_eq!(at(own, "claimName").as_str(), claim);
            }
        }
        for (variable, mount) in [("REFERENCES", "/references/"), ("REPORTS", "/reports")] {
            let is_mounted = mounts.iter().any(|m| {
                at(m, "mountPath")
                    .as_str()
                    .is_some_and(|path| mount.starts_with(path))
            });
            assert!(value(variable).is_none_or(|v| v.starts_with(mount) && is_mounted));
        }
    }
    let rule = at(&all[1], "spec.podFailurePolicy.rules.0");
    let named = at(rule, "onExitCodes.containerName").as_str();
    assert_eq!(
        named,
        at(&all[1], "spec.template.spec.containers.0.name").as_str()
    );
    assert_eq!(at(rule, "onExitCodes.values").texts(), ["1", "2"]);
}
