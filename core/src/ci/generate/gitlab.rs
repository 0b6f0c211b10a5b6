//! A `.gitlab-ci.yml`.

use std::fmt::Write as _;

use super::{Options, Registry, Strategy};
use crate::ci::gate;

/// The whole file.
pub fn gitlab(options: &Options) -> String {
    let mut text = String::from(
        "# Builds one image for several platforms, pushes it, and proves that the tag serves them all.\n",
    );
    secrets(options, &mut text);
    match options.strategy {
        Strategy::Emulation | Strategy::CrossCompile => one_job(options, &mut text),
        Strategy::Native => matrix(options, &mut text),
    }
    verify(options, &mut text);
    text
}

fn image(options: &Options) -> String {
    match &options.registry {
        Registry::GitLab => "$CI_REGISTRY_IMAGE".to_owned(),
        _ => options.name(),
    }
}

fn secrets(options: &Options, text: &mut String) {
    let needed = match &options.registry {
        Registry::GitLab => "nothing; GitLab makes the credentials of its own registry",
        Registry::Ecr => {
            "AWS_ACCOUNT_ID, AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        }
        Registry::DockerHub | Registry::Ghcr | Registry::ArtifactRegistry | Registry::Other(_) => {
            "REGISTRY_USER and REGISTRY_PASSWORD"
        }
    };
    let _ = writeln!(
        text,
        "# Settings > CI/CD > Variables must hold: {needed}.\n"
    );
}

fn head(options: &Options, text: &mut String) {
    let _ = write!(
        text,
        "  stage: build
  # Image and service are pinned to the same release: Docker's defaults change between releases.
  image: docker:29
  services:
    - name: docker:29-dind
      alias: docker
  variables:
    # The daemon speaks TLS on 2376 and leaves the client's certificates in /certs/client.
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_CERTDIR: /certs
    DOCKER_TLS_VERIFY: \"1\"
    DOCKER_CERT_PATH: /certs/client
    IMAGE: {}
  before_script:
    # The certificates take the daemon some seconds; every docker command would race with it.
    - until docker info >/dev/null 2>&1; do sleep 1; done
",
        image(options)
    );
}

fn login(options: &Options, text: &mut String) {
    match &options.registry {
        Registry::GitLab => {
            text.push_str("    - echo \"$CI_REGISTRY_PASSWORD\" | docker login -u \"$CI_REGISTRY_USER\" --password-stdin \"$CI_REGISTRY\"\n");
        }
        Registry::Ecr => {
            let _ = write!(
                text,
                "    # Alpine needs its own package; the official installer is for glibc.
    - apk add --no-cache aws-cli
    - aws ecr get-login-password | docker login --username AWS --password-stdin \"{}\"
    # ECR does not create repositories on push.
    - aws ecr describe-repositories --repository-names {image} >/dev/null 2>&1 \
             || aws ecr create-repository --repository-name {image}
",
                options.host(),
                image = options.image
            );
        }
        Registry::DockerHub | Registry::Ghcr | Registry::ArtifactRegistry | Registry::Other(_) => {
            let host = options.host();
            let host = if host.is_empty() {
                String::new()
            } else {
                format!(" {host}")
            };
            let _ = writeln!(
                text,
                "    - echo \"$REGISTRY_PASSWORD\" | docker login -u \"$REGISTRY_USER\" --password-stdin{host}"
            );
        }
    }
}

fn builder(options: &Options, text: &mut String) {
    if options.strategy == Strategy::Emulation {
        let _ = writeln!(
            text,
            "    # QEMU for RUN steps of other CPUs; it must be there before the builder starts.\n    - docker run --privileged --rm tonistiigi/binfmt --install {}",
            options.architectures().join(",")
        );
    }
    text.push_str(
        "    # A builder cannot take TLS data from the environment, so it gets a context.
    - docker context create tls-env
    - docker buildx create --name multi --driver docker-container --use tls-env
",
    );
}

fn flags(options: &Options) -> String {
    let mut flags = String::new();
    if options.cache {
        // ECR takes a cache only as an image manifest.
        flags.push_str(" --cache-from type=registry,ref=$IMAGE:cache --cache-to type=registry,ref=$IMAGE:cache,mode=max,image-manifest=true,oci-mediatypes=true");
    }
    if !options.provenance {
        flags.push_str(" --provenance=false");
    }
    flags
}

fn one_job(options: &Options, text: &mut String) {
    text.push_str("stages: [build, verify]\n\nbuild-image:\n");
    head(options, text);
    builder(options, text);
    login(options, text);
    text.push_str("  script:\n");
    if options.strategy == Strategy::CrossCompile {
        text.push_str("    # The Dockerfile compiles in a stage FROM --platform=$BUILDPLATFORM and reads TARGETARCH.\n");
    }
    let _ = writeln!(
        text,
        "    - docker buildx build --platform {}{} -t \"$IMAGE:$CI_COMMIT_SHORT_SHA\" --push .\n",
        options.platform_list(),
        flags(options)
    );
}

fn matrix(options: &Options, text: &mut String) {
    text.push_str("stages: [build, merge, verify]\n\nbuild-image:\n");
    let legs: Vec<String> = options
        .platforms
        .iter()
        .map(|platform| {
            let architecture = platform.split('/').nth(1).unwrap_or("amd64");
            format!("      - {{PLATFORM: {platform}, LEG: {}, RUNNER: saas-linux-small-{architecture}}}\n", leg(platform))
        })
        .collect();
    let _ = write!(
        text,
        "  # One job for each platform, on a runner with that CPU.\n  parallel:\n    matrix:\n{}  tags: [$RUNNER]\n",
        legs.concat()
    );
    head(options, text);
    builder(options, text);
    login(options, text);
    let cache = if options.cache {
        " --cache-from type=registry,ref=$IMAGE:cache-$LEG --cache-to type=registry,ref=$IMAGE:cache-$LEG,mode=max,image-manifest=true,oci-mediatypes=true"
    } else {
        ""
    };
    let provenance = if options.provenance {
        ""
    } else {
        " --provenance=false"
    };
    let _ = write!(
        text,
        "    - apk add --no-cache jq
  script:
    # Without a tag: a tag would belong to whichever platform was pushed last.
    - docker buildx build --platform \"$PLATFORM\"{cache}{provenance} --output type=image,name=$IMAGE,push-by-digest=true,name-canonical=true,push=true --metadata-file meta.json .
    - mkdir -p digests
    - jq -r '.\"containerimage.digest\"' meta.json > digests/$LEG
  artifacts:
    paths: [digests/]

merge-image:
"
    );
    let mut merge = String::new();
    head(options, &mut merge);
    text.push_str(&merge.replace("stage: build", "stage: merge"));
    login(options, text);
    text.push_str(
        "  script:
    # imagetools takes indexes as sources too; docker manifest create would refuse them.
    - docker buildx imagetools create -t \"$IMAGE:$CI_COMMIT_SHORT_SHA\" $(for leg in digests/*; do echo \"$IMAGE@$(cat $leg)\"; done)

",
    );
}

fn leg(platform: &str) -> String {
    platform.trim_start_matches("linux/").replace('/', "-")
}

fn verify(options: &Options, text: &mut String) {
    text.push_str("# Fetches every manifest and config and compares digests and platforms.\n");
    match &options.registry {
        Registry::Ecr => text.push_str(
            "# ECR's password lasts twelve hours: the gate needs a fresh one in POLYARCH_PASSWORD, with
# POLYARCH_USERNAME=AWS. docs/cookbook.md of polyarch has a job that makes both, for ECR.
",
        ),
        Registry::GitLab => {}
        Registry::DockerHub | Registry::Ghcr | Registry::ArtifactRegistry | Registry::Other(_) => {
            text.push_str(
                "# It logs in as the build does.
variables:
  POLYARCH_USERNAME: $REGISTRY_USER
  POLYARCH_PASSWORD: $REGISTRY_PASSWORD

",
            );
        }
    }
    text.push_str(
        "# `include` names the project polyarch on this GitLab; polyarch's README says more.\n",
    );
    text.push_str(&gate::gitlab(&[
        ("job", "verify-image"),
        ("stage", "verify"),
        (
            "reference",
            &format!("{}:$CI_COMMIT_SHORT_SHA", image(options)),
        ),
        ("platforms", &options.platform_list()),
    ]));
}
