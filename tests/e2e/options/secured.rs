//! Debian's docker-registry with htpasswd logins behind TLS with a certificate authority of its
//! own, as companies run it: `--ca-cert`, `--mirror`, logins from every store.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{rules, scratch};
use crate::real::forward::ForwardProxy;
use crate::real::image::{Built, Format};
use crate::real::polyarch::{Run, polyarch_as};
use crate::real::process::{Server, free_port, run};
use crate::real::registry::Registry;

/// `me` with the password `opensesame`, as `htpasswd -B` writes it.
const HTPASSWD: &str = "me:$2y$05$abcdefghijklmnopqrstuuQbLfdQZSxZ9gjhA5V9o8Tyc6aQRO0Qi\n";

/// `me:opensesame` in base 64.
const AUTH: &str = "bWU6b3BlbnNlc2FtZQ==";

/// A second registry over the first one's storage.
pub(crate) struct Secured {
    /// `localhost:PORT`.
    pub(crate) host: String,
    folder: TempDir,
    _server: Server,
}

impl Secured {
    fn start(open: &Registry) -> Self {
        let folder = scratch();
        let path = |name: &str| folder.path().join(name).display().to_string();
        certificate("/CN=polyarch test authority", "CA:TRUE", &path("ca"), &[]);
        let (authority, key) = (path("ca.pem"), path("ca.key"));
        let signed = ["-CA", authority.as_str(), "-CAkey", key.as_str()];
        certificate("/CN=polyarch test", "CA:FALSE", &path("server"), &signed);
        Self::serve(open, folder)
    }

    /// With a certificate that is its own authority, as `openssl req -x509` makes it.
    fn self_signed(open: &Registry) -> Self {
        let folder = scratch();
        let path = |name: &str| folder.path().join(name).display().to_string();
        certificate("/CN=polyarch test", "CA:TRUE", &path("server"), &[]);
        fs::copy(path("server.pem"), path("ca.pem")).expect("the scratch folder is writable");
        Self::serve(open, folder)
    }

    /// Serves with the certificate in this folder.
    fn serve(open: &Registry, folder: TempDir) -> Self {
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::write(path("htpasswd"), HTPASSWD).expect("the scratch folder is writable");
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

    fn port(&self) -> &str {
        self.host.trim_start_matches("localhost:")
    }

    pub(crate) fn authority(&self) -> PathBuf {
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
    args.extend([
        "-addext",
        "subjectAltName=DNS:localhost,DNS:registry.example,DNS:mirror.example,IP:127.0.0.1",
    ]);
    args.extend(["-keyout", &key, "-out", &pem]);
    args.extend(signed);
    run("openssl", args);
}

pub(crate) fn both() -> (Registry, Secured) {
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

#[test]
fn a_certificate_that_is_its_own_authority_is_accepted_when_given_and_for_its_names_alone() {
    let open = Registry::start();
    Built::usual().push(&open.reference("team/app:1"), Format::Oci);
    let secured = Secured::self_signed(&open);
    let login = [
        ("POLYARCH_REGISTRY", secured.host.as_str()),
        ("POLYARCH_USERNAME", "me"),
        ("POLYARCH_PASSWORD", "opensesame"),
    ];
    let run = secured.verify(&login, true);
    assert_eq!(run.code, Some(0), "{run:?}");
    let untrusted = secured.verify(&login, false);
    assert_eq!(untrusted.code, Some(3), "{untrusted:?}");
    // The proxy leads a name to it that the certificate does not have.
    let proxy = ForwardProxy::to(&format!("127.0.0.1:{}", secured.port()));
    let other = through(&proxy, "other.example/team/app:1", &secured, &[]);
    assert_eq!(other.code, Some(3), "{other:?}");
    assert_eq!(rules(&other), ["registry-unreachable"]);
}

#[test]
fn a_credential_helper_gives_the_login_or_nothing_is_established() {
    let (_open, secured) = both();
    let folder = scratch();
    let host = &secured.host;
    for (name, answer) in [
        ("right", "{\"Username\":\"me\",\"Secret\":\"opensesame\"}"),
        ("wrong", "{\"Username\":\"me\",\"Secret\":\"wrong-secret\"}"),
        ("none", "credentials not found in native keychain"),
    ] {
        let program = folder.path().join(format!("docker-credential-{name}"));
        let script = format!("#!/bin/sh\ncat >/dev/null\necho '{answer}'\n");
        fs::write(&program, script).expect("the scratch folder is writable");
        run("chmod", ["755", &program.display().to_string()]);
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", folder.path().display());
    for (config, code) in [
        (format!("{{\"credHelpers\":{{\"{host}\":\"right\"}}}}"), 0),
        ("{\"credsStore\":\"right\"}".to_owned(), 0),
        ("{\"credsStore\":\"wrong\"}".to_owned(), 3),
        ("{\"credsStore\":\"none\"}".to_owned(), 3),
        ("{\"credsStore\":\"not-there\"}".to_owned(), 3),
    ] {
        fs::write(folder.path().join("config.json"), &config).expect("a config");
        let docker = folder.path().display().to_string();
        let run = secured.verify(&[("DOCKER_CONFIG", &docker), ("PATH", &path)], true);
        assert_eq!(run.code, Some(code), "{config}: {run:?}");
        assert!(!format!("{run:?}").contains("wrong-secret"), "{run:?}");
    }
}

#[test]
fn proxies_are_used_as_the_environment_says() {
    let (open, secured) = both();
    let proxy = ForwardProxy::to(&format!("127.0.0.1:{}", secured.port()));
    let run = through(&proxy, "registry.example/team/app:1", &secured, &[]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(!proxy.asked().is_empty());
    for asked in proxy.asked() {
        assert_eq!(asked, "CONNECT registry.example:443", "the login is inside");
    }

    let plain = ForwardProxy::to(&open.host);
    let args = ["verify", "registry.example/team/app:1", "--plain-http"];
    let run = polyarch_as(args, |command| {
        command.env("http_proxy", &plain.url);
    });
    assert_eq!(run.code, Some(0), "{run:?}");
    let asked = plain.asked();
    assert!(
        asked.contains(&"GET registry.example".to_owned()),
        "{asked:?}"
    );
    assert!(
        asked.contains(&"HEAD registry.example".to_owned()),
        "{asked:?}"
    );

    // No resolver knows the name: without the proxy nobody is reached.
    let unused = ForwardProxy::to(&format!("127.0.0.1:{}", secured.port()));
    let none = [("NO_PROXY", "registry.example")];
    let run = through(&unused, "registry.example/team/app:1", &secured, &none);
    assert_eq!(run.code, Some(3), "{run:?}");
    let image = open.reference("team/app:1");
    let run = through(&unused, &image, &secured, &[]);
    assert_eq!(run.code, Some(0), "loopback is never asked for through one");
    assert_eq!(unused.asked(), [""; 0]);
}

/// Verifies through a proxy for https, with the login for the name that is asked for.
fn through(proxy: &ForwardProxy, image: &str, secured: &Secured, more: &[(&str, &str)]) -> Run {
    let authority = secured.authority().display().to_string();
    let args = [
        "verify",
        image,
        "--ca-cert",
        &authority,
        "--retries=0",
        "--format=json",
    ];
    polyarch_as(args, |command| {
        command
            .env("HTTPS_PROXY", &proxy.url)
            .env("HTTP_PROXY", &proxy.url)
            .env("POLYARCH_USERNAME", "me")
            .env("POLYARCH_PASSWORD", "opensesame")
            .envs(more.iter().copied());
    })
}
