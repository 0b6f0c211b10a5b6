//! The shapes of workflows that the makers of the tools document.

use super::*;
use crate::analysis::ContextFile;
use crate::ci::runner::Status;

const PUSH_TARGET: &str = "docker.io/acme/app:main";

fn play(dockerfile: &str, files: &[(&str, &str)], text: &str, job: &str) -> (Run, Vec<Diagnostic>) {
    play_job(dockerfile, files, text, Some(job))
}

/// Of whichever job is shown when none is asked for.
fn play_any(dockerfile: &str, text: &str) -> (Run, Vec<Diagnostic>) {
    play_job(dockerfile, &[], text, None)
}

fn play_job(
    dockerfile: &str,
    files: &[(&str, &str)],
    text: &str,
    job: Option<&str>,
) -> (Run, Vec<Diagnostic>) {
    let project = Project {
        dockerfile: dockerfile.to_owned(),
        files: files
            .iter()
            .map(|(path, content)| ContextFile {
                path: (*path).to_owned(),
                bytes: Some((*content).as_bytes().to_vec()),
            })
            .collect(),
        ..Project::default()
    };
    let request = JobRequest {
        file: ".github/workflows/image.yml".to_owned(),
        text: text.to_owned(),
        job: job.map(str::to_owned),
        ..JobRequest::default()
    };
    let analysis = analyse_job(&project, &request).unwrap();
    (analysis.run.unwrap(), analysis.diagnostics)
}

/// Each platform on a runner of its own, pushed by digest; a job of its own merges the digests.
/// After "Distribute build across multiple runners" of Docker's documentation, in other words.
const DISTRIBUTED: &str = r#"on:
  push:
    branches: [main]
env:
  IMAGE: acme/app
jobs:
  build:
    runs-on: ${{ matrix.runner }}
    strategy:
      fail-fast: false
      matrix:
        platform: [linux/amd64, linux/arm64]
        include:
          - platform: linux/amd64
            runner: ubuntu-24.04
          - platform: linux/arm64
            runner: ubuntu-24.04-arm
    steps:
      - name: Pair
        run: |
          platform=${{ matrix.platform }}
          echo "PAIR=${platform//\//-}" >> $GITHUB_ENV
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: ${{ env.IMAGE }}
      - uses: docker/login-action@v3
        with:
          username: ${{ vars.HUB_USER }}
          password: ${{ secrets.HUB_TOKEN }}
      - uses: docker/setup-buildx-action@v3
      - id: build
        uses: docker/build-push-action@v6
        with:
          platforms: ${{ matrix.platform }}
          labels: ${{ steps.meta.outputs.labels }}
          tags: ${{ env.IMAGE }}
          outputs: type=image,push-by-digest=true,name-canonical=true,push=true
      - run: |
          mkdir -p ${{ runner.temp }}/digests
          digest="${{ steps.build.outputs.digest }}"
          touch "${{ runner.temp }}/digests/${digest#sha256:}"
      - uses: actions/upload-artifact@v4
        with:
          name: digests-${{ env.PAIR }}
          path: ${{ runner.temp }}/digests/*
          if-no-files-found: error
          retention-days: 1
  merge:
    runs-on: ubuntu-latest
    needs: [build]
    steps:
      - uses: actions/download-artifact@v4
        with:
          path: ${{ runner.temp }}/digests
          pattern: digests-*
          merge-multiple: true
      - uses: docker/login-action@v3
        with:
          username: ${{ vars.HUB_USER }}
          password: ${{ secrets.HUB_TOKEN }}
      - uses: docker/setup-buildx-action@v3
      - id: meta
        uses: docker/metadata-action@v5
        with:
          images: ${{ env.IMAGE }}
          tags: |
            type=ref,event=branch
            type=ref,event=pr
            type=semver,pattern={{version}}
      - working-directory: ${{ runner.temp }}/digests
        run: |
          docker buildx imagetools create $(jq -cr '.tags | map("-t " + .) | join(" ")' <<< "$DOCKER_METADATA_OUTPUT_JSON") \
            $(printf '${{ env.IMAGE }}@sha256:%s ' *)
      - run: docker buildx imagetools inspect ${{ env.IMAGE }}:${{ steps.meta.outputs.version }}
"#;

#[test]
fn the_documented_merge_by_digest_passes() {
    let dockerfile = "FROM alpine:3.22\nRUN apk add --no-cache curl\n";
    let (run, told) = play(dockerfile, &[], DISTRIBUTED, "merge");
    assert_eq!(run.outcome, Outcome::Passes, "{}\n{told:#?}", run.log);
    let pushed: Vec<&str> = run.pushed.iter().map(|p| p.reference.as_str()).collect();
    assert_eq!(pushed, [PUSH_TARGET], "{}", run.log);
    let platforms: Vec<String> = run.pushed[0]
        .platforms
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(platforms, ["linux/amd64", "linux/arm64"], "{}", run.log);
    let grave: Vec<&Diagnostic> = told
        .iter()
        .filter(|d| d.severity > crate::diagnostic::Severity::Info)
        .collect();
    assert!(grave.is_empty(), "{grave:#?}");
    assert_eq!(run.earlier.len(), 2);
}

/// With one name for the artifacts of both legs the second upload is refused, and nothing merges.
#[test]
fn artifacts_of_one_name_fail_in_the_second_leg() {
    let text = DISTRIBUTED.replace("digests-${{ env.PAIR }}", "digests");
    let (run, told) = play("FROM alpine:3.22\n", &[], &text, "merge");
    let ends: Vec<Outcome> = run.earlier.iter().map(|e| e.outcome).collect();
    assert_eq!(ends, [Outcome::Passes, Outcome::Fails], "{}", run.log);
    assert!(run.steps.iter().all(|s| s.status == Status::Skipped));
    assert!(told.iter().any(|d| d.rule == "earlier-job-fails"));
    // Without a job's name the leg is shown that fails.
    let (run, told) = play_any("FROM alpine:3.22\n", &text);
    assert_eq!(
        run.job, "build: [linux/arm64, ubuntu-24.04-arm]",
        "{}",
        run.log
    );
    assert!(told.iter().any(|d| d.rule == "matrix-dup-digest-artifact"));
}

#[test]
fn the_index_of_a_leg_keeps_its_artifact_apart() {
    let text = DISTRIBUTED.replace("env.PAIR", "strategy.job-index");
    let (run, _) = play("FROM alpine:3.22\n", &[], &text, "merge");
    assert_eq!(run.outcome, Outcome::Passes, "{}", run.log);
    assert_eq!(run.pushed[0].platforms.len(), 2, "{}", run.log);
}

/// Bake reads its file, its Dockerfile and what they copy from the checkout.
#[test]
fn bake_builds_from_files_of_the_context() {
    let workflow = "on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/setup-qemu-action@v3
      - uses: docker/setup-buildx-action@v3
      - uses: docker/login-action@v3
        with:
          username: ${{ vars.HUB_USER }}
          password: ${{ secrets.HUB_TOKEN }}
      - run: docker buildx bake --push
        env:
          TAG: main
";
    let bake = "variable \"TAG\" { default = \"dev\" }
group \"default\" { targets = [\"app\"] }
target \"app\" {
  context = \"service\"
  platforms = [\"linux/amd64\", \"linux/arm64\"]
  tags = [\"acme/app:${TAG}\"]
}
";
    let own = "FROM alpine:3.22\nCOPY start.sh /usr/local/bin/\n";
    let files = [
        ("docker-bake.hcl", bake),
        ("service/Dockerfile", own),
        ("service/start.sh", "#!/bin/sh\nexec app\n"),
    ];
    let (run, told) = play("FROM scratch\n", &files, workflow, "build");
    assert_eq!(run.outcome, Outcome::Passes, "{}\n{told:#?}", run.log);
    assert_eq!(run.pushed[0].reference, PUSH_TARGET);
    assert_eq!(run.pushed[0].platforms.len(), 2);
    assert!(run.log.contains("COPY start.sh"), "{}", run.log);
    let (run, _) = play("FROM scratch\n", &files[..2], workflow, "build");
    assert_eq!(run.outcome, Outcome::Fails, "{}", run.log);
    assert!(run.log.contains("/start.sh"), "{}", run.log);
}
