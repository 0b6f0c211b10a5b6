//! Debian's docker-registry with htpasswd logins behind TLS with a certificate authority of its
//! own, as companies run it: `--ca-cert`, `--mirror`, logins from every store.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{rules, scratch};
use crate::real::image::{Built, Format};
use crate::real::polyarch::{Run, polyarch_as};
use crate::real::process::{Server, free_port, run};
use crate::real::registry::Registry;

/// `me` with the password `opensesame`, as `htpasswd -B` writes it.
const HTPASSWD: &str = "me:$2y$05$abcdefghijklmnopqrstuuQbLfdQZSxZ9gjhA5V9o8Tyc6aQRO0Qi\n";

/// `me:opensesame` in base 64.
const AUTH: &str = "bWU6b3BlbnNlc2FtZQ==";

/// A second registry over the first one's storage.
struct Secured {
    /// `localhost:PORT`.
    host: String,
    folder: TempDir,
    _server: Server,
}

impl Secured {
    fn start(open: &Registry) -> Self {
        let folder = scratch();
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::write(path("htpasswd"), HTPASSWD).expect("the scratch folder is writable");
        certificate("/CN=polyarch test authority", "CA:TRUE", &path("ca"), &[]);
        let (authority, key) = (path("ca.pem"), path("ca.key"));
        let signed = ["-CA", authority.as_str(), "-CAkey", key.as_str()];
        certificate("/CN=polyarch test", "CA:FALSE", &path("server"), &signed);
        let port = free_port();
        let text = format!(
            "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n\
             storage:\n  filesystem: {{rootdirectory: {}}}\n\
             auth:\n  htpasswd: {{realm: test, path: {}}}\n\
             http:\n  addr: \"127.0.0.1:{port}\"\n  secret: test\n  \
             tls: {{certificate: {}, key: {}}}\n",
            open.storage().display(),
            path("htpasswd"),
            path("server.pem"),
            path("server.key"),
        );
        fs::write(path("config.yml"), text).expect("the scratch folder is writable");
        let mut command = Command::new("docker-registry");
        command
            .arg("serve")
            .arg(path("config.yml"))
            .stderr(Stdio::null());
        Self {
            host: format!("localhost:{port}"),
            _server: Server::start(&mut command, port),
            folder,
        }
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Verifies `registry.example/team/app:1`, for which this registry stands in.
    fn verify(&self, environment: &[(&str, &str)], trusted: bool) -> Run {
        let mirror = format!("registry.example=https://{}", self.host);
        let authority = self.authority().display().to_string();
        let mut args = vec![
            "verify",
            "registry.example/team/app:1",
            "--mirror",
            &mirror,
            "--retries",
            "0",
            "--format",
            "json",
        ];
        if trusted {
            args.extend(["--ca-cert", &authority]);
        }
        polyarch_as(args, |command| {
            command.envs(environment.iter().copied());
        })
    }
}

/// Makes `NAME.pem` and `NAME.key`.
fn certificate(subject: &str, constraint: &str, name: &str, signed: &[&str]) {
    let constraint = format!("basicConstraints=critical,{constraint}");
    let (key, pem) = (format!("{name}.key"), format!("{name}.pem"));
    let mut args = vec![
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
    ];
    args.extend([
        "-nodes",
        "-days",
        "2",
        "-subj",
        subject,
        "-addext",
        &constraint,
    ]);
    args.extend(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
    args.extend(["-keyout", &key, "-out", &pem]);
    args.extend(signed);
    run("openssl", args);
}

fn both() -> (Registry, Secured) {
    let open = Registry::start();
    Built::usual().push(&open.reference("team/app:1"), Format::Oci);
    let secured = Secured::start(&open);
    (open, secured)
}

#[test]
fn a_login_is_found_in_every_store_and_sent_over_tls() {
    let (_open, secured) = both();
    let folder = scratch();
    let host = &secured.host;
    let config = format!("{{\"auths\":{{\"{host}\":{{\"auth\":\"{AUTH}\"}}}}}}");
    fs::write(folder.path().join("config.json"), &config).expect("a config");
    fs::write(folder.path().join("auth.json"), &config).expect("a config");
    let docker = folder.path().display().to_string();
    let podman = folder.path().join("auth.json").display().to_string();
    for environment in [
        &[("DOCKER_AUTH_CONFIG", config.as_str())][..],
        &[("DOCKER_CONFIG", docker.as_str())],
        &[("REGISTRY_AUTH_FILE", podman.as_str())],
        &[
            ("CI_REGISTRY", host.as_str()),
            ("CI_REGISTRY_USER", "me"),
            ("CI_REGISTRY_PASSWORD", "opensesame"),
        ],
        &[
            ("POLYARCH_REGISTRY", host.as_str()),
            ("POLYARCH_USERNAME", "me"),
            ("POLYARCH_PASSWORD", "opensesame"),
        ],
    ] {
        let run = secured.verify(environment, true);
        assert_eq!(run.code, Some(0), "{environment:?}: {run:?}");
    }
}

#[test]
fn without_the_right_login_nothing_is_established_and_no_secret_is_shown() {
    let (_open, secured) = both();
    for environment in [
        &[][..],
        // Meant for the host that the mirror stands in for, not for the mirror.
        &[
            ("POLYARCH_USERNAME", "me"),
            ("POLYARCH_PASSWORD", "opensesame"),
        ],
        &[
            ("POLYARCH_REGISTRY", secured.host.as_str()),
            ("POLYARCH_USERNAME", "me"),
            ("POLYARCH_PASSWORD", "wrong-secret"),
        ],
    ] {
        let run = secured.verify(environment, true);
        assert_eq!(run.code, Some(3), "{environment:?}: {run:?}");
        assert_eq!(rules(&run), ["unauthorized"], "{environment:?}");
        let all = format!("{run:?}");
        assert!(
            !all.contains("opensesame") && !all.contains("wrong-secret"),
            "{all}"
        );
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_not_accepted() {
    let (_open, secured) = both();
    let run = secured.verify(&[], false);
    assert_eq!(run.code, Some(3), "{run:?}");
    assert_eq!(rules(&run), ["registry-unreachable"]);
    assert!(run.stdout.contains("certificate"), "{run:?}");
}
