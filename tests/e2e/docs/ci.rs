//! CI files of the documents: valid by the service's own schema, and every job plays through
//! without a finding above info.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::fence::{Kind, Service, fences};
use super::session::Session;
use crate::options::scratch;
use crate::real::polyarch::polyarch;
use crate::real::schema::check_vendor;

/// What is before the steps of a fence that shows only steps.
const BEFORE_STEPS: &str = "on: push
jobs:
  image:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
      packages: write
    steps:
      - uses: actions/checkout@v4
      - uses: docker/setup-qemu-action@v3
      - uses: docker/setup-buildx-action@v3
      - uses: docker/login-action@v3
        with:
          registry: ghcr.io
          username: ${{ github.actor }}
          password: ${{ secrets.GITHUB_TOKEN }}
      - uses: docker/build-push-action@v6
        with:
          platforms: linux/amd64,linux/arm64
          push: true
          tags: ghcr.io/${{ github.repository }}:${{ github.sha }}
";

/// Every file of every document is what its service's schema says; one run for each service.
#[test]
fn every_ci_file_is_valid() {
    let folder = scratch();
    let mut files: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
    for document in super::documents() {
        for fence in fences(&document.text) {
            let Kind::Ci(service) = fence.kind else {
                continue;
            };
            let name = format!("{}-{}.yml", document.path.replace('/', "-"), fence.line);
            let path = folder.path().join(name);
            fs::write(&path, whole(service, &fence.text)).expect("the scratch folder is writable");
            files.entry(schema(service)).or_default().push(path);
        }
    }
    assert_eq!(files.len(), 2, "{files:?}");
    for (schema, files) in files {
        check_vendor(schema, &files);
    }
}

/// Plays each of the file's jobs.
pub(super) fn play(service: Service, text: &str, session: &Session<'_>) -> Result<(), String> {
    let name = match service {
        Service::Gitlab => ".gitlab-ci.yml",
        Service::Github | Service::GithubSteps => ".github/workflows/image.yml",
    };
    session.write(name, &whole(service, text))?;
    let file = session.path(name);
    jobs(&file)?.iter().try_for_each(|job| play_job(&file, job))
}

fn schema(service: Service) -> &'static str {
    match service {
        Service::Gitlab => "vendor.gitlab-ci",
        Service::Github | Service::GithubSteps => "vendor.github-workflows",
    }
}

/// The file that a fence is, or is a part of.
fn whole(service: Service, text: &str) -> String {
    if service != Service::GithubSteps {
        return text.to_owned();
    }
    let steps = text.lines().map(|line| format!("      {line}\n"));
    steps.fold(BEFORE_STEPS.to_owned(), |whole, line| whole + &line)
}

/// The names of the file's jobs, which the answer to an unknown one lists.
fn jobs(file: &Path) -> Result<Vec<String>, String> {
    let file = file.display().to_string();
    let run = polyarch(["preview", "--ci", &file, "--job", "\u{1}"]);
    let (_, names) = run
        .stderr
        .split_once("it has ")
        .ok_or_else(|| format!("no list of jobs: {run:?}"))?;
    Ok(names.trim().split(", ").map(str::to_owned).collect())
}

fn play_job(file: &Path, job: &str) -> Result<(), String> {
    let context = file
        .ancestors()
        .find(|folder| folder.join("Dockerfile").is_file())
        .ok_or("no Dockerfile")?;
    let (file, context) = (file.display().to_string(), context.display().to_string());
    let args = [
        "preview", "--ci", &file, "--job", job, "--format", "json", &context,
    ];
    let run = polyarch(args);
    if run.code != Some(0) {
        return Err(format!("{run:?}"));
    }
    let json = run.json();
    let findings = json["diagnostics"].as_array().ok_or("no findings")?;
    let loud: Vec<_> = findings
        .iter()
        .filter(|finding| finding["severity"] != "info")
        .collect();
    if json["job"]["outcome"] != "passes" || !loud.is_empty() {
        let log = json["job"]["log"].as_str().unwrap_or_default();
        return Err(format!("job {job}: {loud:#?}\n{log}"));
    }
    Ok(())
}
