//! Package managers, as far as they bring or lose tools that matter for image builds.

use crate::ci::shell::Shell;
use crate::ci::world::toolbox::System;
use crate::environment::Version;

/// What `amazon-linux-extras install docker` brings: a CLI without plugins.
const AMAZON_DOCKER: Version = Version::new(25, 0, 14);
/// What `docker.io` brings in current Debian and Ubuntu.
const DEBIAN_DOCKER: Version = Version::new(26, 1, 5);

pub(super) fn run(shell: &mut Shell<'_, '_>, program: &str, arguments: &[String]) -> i32 {
    let words: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let Some((verb, packages)) = words.split_first() else {
        return 0;
    };
    shell.world.pass(3.0);
    if !matches!(*verb, "add" | "install" | "reinstall" | "enable") {
        return 0;
    }
    shell.world.change();
    for package in packages {
        let name = package
            .split(['=', '<', '>', '~', '@'])
            .next()
            .unwrap_or_default();
        install(shell, program, name);
    }
    if program == "amazon-linux-extras" {
        shell
            .world
            .reason("amazon-linux-extras brings Docker without the buildx plugin");
    }
    0
}

fn install(shell: &mut Shell<'_, '_>, manager: &str, package: &str) {
    let newest = crate::environment::DOCKER_NEWEST;
    let system = shell.world.tools.system;
    let tools = &mut shell.world.tools;
    match package {
        "docker" | "docker-cli" | "docker.io" | "docker-ce" | "docker-ce-cli" | "moby-engine"
        | "docker-engine" => {
            let version = match (manager, package) {
                ("amazon-linux-extras", _) => AMAZON_DOCKER,
                ("yum" | "dnf", "docker") => AMAZON_DOCKER,
                (_, "docker.io") => DEBIAN_DOCKER,
                _ => newest,
            };
            tools.docker = Some(version);
            tools.add(&["docker"]);
            // Alpine's `docker` draws in the plugin's package only when it is asked for; Docker's
            // own packages recommend it.
            if matches!(package, "docker-ce" | "docker-ce-cli") && system == System::Debian {
                tools.add_buildx();
            }
        }
        "docker-buildx-plugin" | "docker-cli-buildx" | "docker-buildx" => tools.add_buildx(),
        "docker-compose-plugin" | "docker-cli-compose" => tools.compose = true,
        "aws-cli" | "awscli" | "aws-cli-v2" => tools.add(&["aws"]),
        "nodejs" | "nodejs-current" => tools.add(&["node", "npm", "npx"]),
        "go" | "golang" | "golang-go" => tools.add(&["go"]),
        "rust" | "cargo" => tools.add(&["cargo", "rustc"]),
        "py3-pip" | "python3-pip" => tools.add(&["pip", "pip3", "python3"]),
        "python3" | "python" => tools.add(&["python3", "python"]),
        "build-base" | "build-essential" | "gcc" => tools.add(&["gcc", "g++", "make"]),
        "maven" => tools.add(&["mvn", "java", "javac"]),
        "buildah" | "skopeo" | "podman" | "crane" | "regctl" | "git" | "curl" | "jq" | "bash"
        | "make" | "wget" | "unzip" | "zip" | "openssl" | "npm" | "yarn" | "gradle" | "sudo"
        | "perl" | "ruby" | "php" | "cosign" | "helm" | "kubectl" | "docker-compose" | "yq"
        | "oras" | "pip" => tools.add(&[package]),
        _ if package.starts_with("openjdk")
            || package.starts_with("default-jdk")
            || package.starts_with("java-") =>
        {
            tools.add(&["java", "javac"]);
        }
        _ if manager.starts_with("pip") => tools.open = true,
        _ => tools.open |= !package.starts_with("lib") && !package.contains("certificates"),
    }
    if package == "bash" {
        shell.world.reason("bash is installed");
    }
}
