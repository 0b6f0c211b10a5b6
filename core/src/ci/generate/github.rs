//! A GitHub workflow.

use std::fmt::Write as _;

use super::{Options, Registry, Strategy};
use crate::ci::gate;

/// The whole file.
pub fn github(options: &Options) -> String {
    let mut text = String::from(
        "# Builds one image for several platforms, pushes it, and proves that the tag serves them all.\n",
    );
    secrets(options, &mut text);
    let _ = write!(
        text,
        "name: image\non:\n  push:\n    branches: [main]\n\nenv:\n  IMAGE: {}\n\njobs:\n",
        image(options)
    );
    match options.strategy {
        Strategy::Emulation | Strategy::CrossCompile => one_job(options, &mut text),
        Strategy::Native => matrix(options, &mut text),
    }
    verify(options, &mut text);
    text
}

fn image(options: &Options) -> String {
    match &options.registry {
        Registry::Ecr => format!(
            "${{{{ vars.AWS_ACCOUNT_ID }}}}.dkr.ecr.${{{{ vars.AWS_REGION }}}}.amazonaws.com/{}",
            options.image
        ),
        _ => options.name(),
    }
}

fn secrets(options: &Options, text: &mut String) {
    let needed = match &options.registry {
        Registry::Ghcr => "nothing; the token of ghcr.io is GitHub's own",
        Registry::Ecr => "AWS_ACCOUNT_ID, AWS_REGION and AWS_ROLE",
        Registry::DockerHub
        | Registry::GitLab
        | Registry::ArtifactRegistry
        | Registry::Other(_) => "REGISTRY_USER and, as a secret, REGISTRY_PASSWORD",
    };
    let _ = writeln!(
        text,
        "# Settings > Secrets and variables > Actions must hold: {needed}.\n"
    );
}

fn permissions(options: &Options) -> &'static str {
    match &options.registry {
        // Without packages: write the push to ghcr.io is denied after everything is built.
        Registry::Ghcr => "    permissions:\n      contents: read\n      packages: write\n",
        Registry::Ecr => "    permissions:\n      contents: read\n      id-token: write\n",
        Registry::DockerHub
        | Registry::GitLab
        | Registry::ArtifactRegistry
        | Registry::Other(_) => "    permissions:\n      contents: read\n",
    }
}

fn login(options: &Options, text: &mut String) {
    let (registry, user, password) = match &options.registry {
        Registry::Ecr => {
            text.push_str(
                "      - uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: ${{ vars.AWS_ROLE }}
          aws-region: ${{ vars.AWS_REGION }}
      - uses: aws-actions/amazon-ecr-login@v2
",
            );
            return;
        }
        Registry::Ghcr => (
            "          registry: ghcr.io\n".to_owned(),
            "${{ github.actor }}",
            "${{ secrets.GITHUB_TOKEN }}",
        ),
        Registry::DockerHub => (
            String::new(),
            "${{ vars.REGISTRY_USER }}",
            "${{ secrets.REGISTRY_PASSWORD }}",
        ),
        Registry::GitLab | Registry::ArtifactRegistry | Registry::Other(_) => (
            format!("          registry: {}\n", options.host()),
            "${{ vars.REGISTRY_USER }}",
            "${{ secrets.REGISTRY_PASSWORD }}",
        ),
    };
    let _ = write!(
        text,
        "      - uses: docker/login-action@v3\n        with:\n{registry}          username: {user}\n          password: {password}\n"
    );
}

fn repository(options: &Options, text: &mut String) {
    if options.registry == Registry::Ecr {
        let _ = write!(
            text,
            "      # ECR does not create repositories on push.\n      - run: aws ecr describe-repositories --repository-names {image} >/dev/null 2>&1 || aws ecr create-repository --repository-name {image}\n",
            image = options.image
        );
    }
}

fn one_job(options: &Options, text: &mut String) {
    let _ = write!(
        text,
        "  build:\n    runs-on: ubuntu-24.04\n{}    steps:\n      - uses: actions/checkout@v4\n",
        permissions(options)
    );
    if options.strategy == Strategy::Emulation {
        text.push_str("      # QEMU for RUN steps of other CPUs; the builder looks for it when it starts.\n      - uses: docker/setup-qemu-action@v3\n");
    } else {
        text.push_str("      # The Dockerfile compiles in a stage FROM --platform=$BUILDPLATFORM and reads TARGETARCH.\n");
    }
    text.push_str("      # The runner's own builder may take one platform only.\n      - uses: docker/setup-buildx-action@v3\n");
    login(options, text);
    repository(options, text);
    let cache = if options.cache {
        "          cache-from: type=gha\n          cache-to: type=gha,mode=max\n"
    } else {
        ""
    };
    let provenance = if options.provenance {
        ""
    } else {
        "          provenance: false\n"
    };
    let _ = write!(
        text,
        "      - uses: docker/build-push-action@v6
        with:
          context: .
          platforms: {}
          push: true
          tags: ${{{{ env.IMAGE }}}}:${{{{ github.sha }}}}
{cache}{provenance}
",
        options.platform_list()
    );
}

fn matrix(options: &Options, text: &mut String) {
    let mut legs = String::new();
    for platform in &options.platforms {
        let runner = if platform.contains("arm") {
            "ubuntu-24.04-arm"
        } else {
            "ubuntu-24.04"
        };
        let leg = platform.trim_start_matches("linux/").replace('/', "-");
        let _ = writeln!(
            legs,
            "          - {{platform: {platform}, leg: {leg}, runner: {runner}}}"
        );
    }
    let _ = write!(
        text,
        "  build:
    # One leg for each platform, on a runner with that CPU.
    strategy:
      fail-fast: false
      matrix:
        include:
{legs}    runs-on: ${{{{ matrix.runner }}}}
{}    steps:
      - uses: actions/checkout@v4
      - uses: docker/setup-buildx-action@v3
",
        permissions(options)
    );
    login(options, text);
    repository(options, text);
    let cache = if options.cache {
        "          cache-from: type=gha,scope=${{ matrix.leg }}\n          cache-to: type=gha,mode=max,scope=${{ matrix.leg }}\n"
    } else {
        ""
    };
    let provenance = if options.provenance {
        ""
    } else {
        "          provenance: false\n"
    };
    let _ = write!(
        text,
        "      # Without a tag: a tag would belong to whichever platform was pushed last.
      - id: build
        uses: docker/build-push-action@v6
        with:
          context: .
          platforms: ${{{{ matrix.platform }}}}
          outputs: type=image,name=${{{{ env.IMAGE }}}},push-by-digest=true,\
             name-canonical=true,push=true
{cache}{provenance}      - run: |
          mkdir -p ${{{{ runner.temp }}}}/digests
          digest=\"${{{{ steps.build.outputs.digest }}}}\"
          touch \"${{{{ runner.temp }}}}/digests/${{digest#sha256:}}\"
      - uses: actions/upload-artifact@v4
        with:
          # Legs need names of their own.
          name: digests-${{{{ matrix.leg }}}}
          path: ${{{{ runner.temp }}}}/digests/*
          if-no-files-found: error

  merge:
    needs: build
    runs-on: ubuntu-24.04
{}    steps:
      - uses: actions/download-artifact@v4
        with:
          path: ${{{{ runner.temp }}}}/digests
          pattern: digests-*
          merge-multiple: true
      - uses: docker/setup-buildx-action@v3
",
        permissions(options)
    );
    login(options, text);
    text.push_str(
        "      # imagetools takes indexes as sources too; docker manifest create would refuse them.
      - working-directory: ${{ runner.temp }}/digests
        run: docker buildx imagetools create -t \"$IMAGE:${{ github.sha }}\" $(printf \"$IMAGE@sha256:%s \" *)

",
    );
}

fn verify(options: &Options, text: &mut String) {
    let needs = if options.strategy == Strategy::Native {
        "merge"
    } else {
        "build"
    };
    let _ = write!(
        text,
        "  verify:
    needs: {needs}
    runs-on: ubuntu-24.04
{}    steps:
",
        permissions(options)
    );
    login(options, text);
    text.push_str(
        "      # Fetches every manifest and config and compares digests and platforms.\n",
    );
    let step = gate::github(&[
        ("reference", "${{ env.IMAGE }}:${{ github.sha }}"),
        ("platforms", &options.platform_list()),
    ]);
    for line in step.lines() {
        let _ = writeln!(text, "      {line}");
    }
}
