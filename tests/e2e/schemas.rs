//! Reports as programs read them, held to the schemas that others publish for them and to our own:
//! of every demo image at once, good and broken, with a reference that is none.

use std::collections::BTreeSet;
use std::fs;

use polyarch_core::demo::IMAGES;
use serde_json::Value;
use tempfile::TempDir;

use crate::options::{Demo, file, scratch};
use crate::real::polyarch::{polyarch, polyarch_as};
use crate::real::schema::{check_json, check_xml, schemas};

/// The reports of one run over everything, by format.
struct Reports(TempDir);

impl Reports {
    fn make() -> Self {
        let demo = Demo::start();
        let folder = scratch();
        let mut references: Vec<String> =
            IMAGES.iter().map(|image| demo.image(image.name)).collect();
        references.push("not a reference <&\"'>".to_owned());
        references.push("oci-layout:/no where".to_owned());
        let list = file(&folder, "list", &references.join("\n"));
        let reports = Self(folder);
        let formats: Vec<String> = ["json", "sarif", "junit", "gitlab"]
            .iter()
            .map(|format| format!("--format={format}={}", reports.path(format)))
            .collect();
        let mut args = vec!["verify", "--from-file", &list, "--deep", "--retries=0"];
        args.push("--allow=binary-platform-mismatch=<emulated> & \"meant\"");
        args.extend(formats.iter().map(String::as_str));
        let run = polyarch(args);
        assert_eq!(run.code, Some(2), "two references are none: {run:?}");
        reports
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn read(&self, name: &str) -> Value {
        let text = fs::read(self.path(name)).expect("a report");
        serde_json::from_slice(&text).expect("JSON")
    }
}

#[test]
fn reports_fit_the_schemas_of_those_who_read_them() {
    let reports = Reports::make();
    let own = file(
        &reports.0,
        "schema.json",
        &polyarch(["report", "schema"]).stdout,
    );
    check_json(own.as_ref(), &reports.path("json"));
    let json = reports.read("json");
    assert_eq!(json["results"].as_array().unwrap().len(), IMAGES.len());
    assert_eq!(json["unreadable"].as_array().unwrap().len(), 2);

    check_json(&schemas("sarif-2.1.0.json"), &reports.path("sarif"));
    let run = &reports.read("sarif")["runs"][0];
    let unread = &run["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(unread.as_array().unwrap().len(), 2);

    check_xml("jenkins-junit.xsd", &reports.path("junit"));
    let junit = fs::read_to_string(reports.path("junit")).unwrap();
    assert_eq!(junit.matches("<testcase ").count(), IMAGES.len() + 2);

    are_code_quality_issues(&reports.read("gitlab"));
}

#[test]
fn merged_reports_fit_the_schema_and_keep_what_could_not_be_read() {
    let reports = Reports::make();
    let merged = polyarch([
        "report",
        "merge",
        &reports.path("json"),
        &reports.path("json"),
    ]);
    assert_eq!(merged.code, Some(2), "{merged:?}");
    let own = polyarch(["report", "schema"]).stdout;
    let own = file(&reports.0, "schema.json", &own);
    check_json(own.as_ref(), &file(&reports.0, "merged", &merged.stdout));
    assert_eq!(merged.json()["unreadable"].as_array().unwrap().len(), 4);
}

#[test]
fn a_preview_fits_them_too() {
    let folder = scratch();
    let dockerfile = "FROM --platform=linux/amd64 alpine:3.22\nCOPY missing /x\nRUN apk add curl\n";
    file(&folder, "Dockerfile", dockerfile);
    let preview = |format: &str| {
        let run = polyarch_as(["preview", "--format", format], |command| {
            command.current_dir(folder.path());
        });
        assert_eq!(run.code, Some(0), "{run:?}");
        file(&folder, format, &run.stdout)
    };
    check_json(&schemas("sarif-2.1.0.json"), &preview("sarif"));
    let issues = fs::read(preview("gitlab")).unwrap();
    are_code_quality_issues(&serde_json::from_slice(&issues).unwrap());
}

/// What GitLab's documentation of code quality reports asks for; there is no schema of it.
fn are_code_quality_issues(report: &Value) {
    let issues = report.as_array().expect("a list");
    assert!(!issues.is_empty());
    let mut fingerprints = BTreeSet::new();
    for issue in issues {
        let text = |key: &str| {
            let text = issue[key].as_str().filter(|text| !text.is_empty());
            text.unwrap_or_else(|| panic!("{key} of {issue}"))
        };
        let severities = ["info", "minor", "major", "critical", "blocker"];
        assert!(severities.contains(&text("severity")), "{issue}");
        text("description");
        text("check_name");
        assert!(
            fingerprints.insert(text("fingerprint").to_owned()),
            "{issue}"
        );
        assert!(issue["location"]["path"].is_string(), "{issue}");
        assert!(issue["location"]["lines"]["begin"].is_u64(), "{issue}");
    }
}
