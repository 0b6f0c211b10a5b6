//! Logins from every store, and from none that is not meant.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::*;
use crate::registry::options::Options;

/// A folder that is removed when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("polyarch-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(self, file: &str, text: &str) -> Self {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn login(variables: &[(&str, &str)], reference: &str) -> String {
    let keychain = Keychain::from_env(|name| {
        let found = variables.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    });
    let endpoint = Endpoint::new(&reference.parse().unwrap(), &Options::default()).unwrap();
    shown(keychain.find(&endpoint).await)
}

fn shown(found: Result<Option<Credential>, String>) -> String {
    match found {
        Ok(Some(Credential::Basic { username, password })) => {
            format!("{username}:{}", password.expose())
        }
        Ok(Some(Credential::IdentityToken { token, .. })) => {
            format!("identity {}", token.expose())
        }
        Ok(Some(Credential::RegistryToken(token))) => format!("registry {}", token.expose()),
        Ok(None) => "none".to_owned(),
        Err(problem) => format!("problem: {problem}"),
    }
}

/// `user:password` in base64 is `dXNlcjpwYXNzd29yZA==`.
const CONFIG: &str = r#"{"auths":{
    "https://index.docker.io/v1/":{"auth":"aHViOnNlY3JldA=="},
    "ghcr.io":{"auth":"dXNlcjpwYXNzd29yZA=="},
    "quay.io/org":{"username":"org","password":"o:r:g"},
    "quay.io/org/app":{"username":"app","password":"a"},
    "acr.example":{"identitytoken":"refresh","username":"0000"},
    "gcr.example":{"registrytoken":"direct"},
    "store.example":{},
    "HTTPS://broken":{"auth":"%%%"},
    "localhost:5000":{"auth":"bG9jYWw6eA=="}
}}"#;

#[tokio::test]
async fn docker_config_is_read_by_host_and_by_repository() {
    for (reference, expected) in [
        ("alpine", "hub:secret"),
        ("docker.io/acme/app", "hub:secret"),
        ("ghcr.io/o/app:1", "user:password"),
        ("GHCR.io/o/app:1", "user:password"),
        ("quay.io/org/app:1", "app:a"),
        ("quay.io/org/other/deep:1", "org:o:r:g"),
        ("quay.io/else/app:1", "none"),
        ("acr.example/app:1", "identity refresh"),
        ("gcr.example/app:1", "registry direct"),
        ("store.example/app:1", "none"),
        ("localhost:5000/app", "local:x"),
        ("localhost:5001/app", "none"),
        ("evil.example/ghcr.io/app", "none"),
    ] {
        let got = login(&[("DOCKER_AUTH_CONFIG", CONFIG)], reference).await;
        assert_eq!(got, expected, "{reference}");
    }
}

#[tokio::test]
async fn own_variables_are_for_one_host() {
    let named = [
        ("POLYARCH_REGISTRY", "ghcr.io"),
        ("POLYARCH_USERNAME", "me"),
        ("POLYARCH_PASSWORD", "pw"),
    ];
    assert_eq!(login(&named, "ghcr.io/o/app").await, "me:pw");
    assert_eq!(login(&named, "quay.io/o/app").await, "none");
    assert_eq!(login(&named[1..], "quay.io/o/app").await, "me:pw");
    assert_eq!(login(&named[..2], "ghcr.io/o/app").await, "none");
}

#[tokio::test]
async fn own_variables_do_not_reach_a_mirror() {
    let variables = [("POLYARCH_USERNAME", "me"), ("POLYARCH_PASSWORD", "pw")];
    let keychain = Keychain::from_env(|name| {
        let found = variables.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    });
    let mut options = Options::default();
    let mirror = "https://mirror.example/".parse().unwrap();
    options.mirrors.insert("ghcr.io".to_owned(), mirror);
    let endpoint = Endpoint::new(&"ghcr.io/o/app".parse().unwrap(), &options).unwrap();
    assert_eq!(shown(keychain.find(&endpoint).await), "none");
}

#[tokio::test]
async fn gitlabs_variables_are_for_gitlabs_registry() {
    let variables = [
        ("CI_REGISTRY", "registry.gitlab.com"),
        ("CI_REGISTRY_USER", "ci"),
        ("CI_REGISTRY_PASSWORD", "job"),
    ];
    let own = login(&variables, "registry.gitlab.com/g/app:1").await;
    assert_eq!(own, "ci:job");
    assert_eq!(login(&variables, "ghcr.io/g/app:1").await, "none");
}

#[tokio::test]
async fn files_are_found_where_docker_and_podman_keep_them() {
    let auth = |user: &str| {
        format!("{{\"auths\":{{\"r.example\":{{\"username\":\"{user}\",\"password\":\"p\"}}}}}}")
    };
    let folder = Folder::new("stores")
        .with(".docker/config.json", &auth("home"))
        .with("other/config.json", &auth("other"))
        .with("run/containers/auth.json", &auth("podman"))
        .with("broken/config.json", "{\"auths\": hunter22")
        .with("empty/x", "");
    let path = |part: &str| folder.0.join(part).display().to_string();
    let (home, other, run) = (path(""), path("other"), path("run"));
    let (broken, empty) = (path("broken"), path("empty"));
    let reference = "r.example/app";
    assert_eq!(login(&[("HOME", &home)], reference).await, "home:p");
    let variables = [("HOME", home.as_str()), ("DOCKER_CONFIG", &other)];
    assert_eq!(login(&variables, reference).await, "other:p");
    let variables = [("DOCKER_CONFIG", empty.as_str()), ("XDG_RUNTIME_DIR", &run)];
    assert_eq!(login(&variables, reference).await, "podman:p");
    let problem = login(&[("DOCKER_CONFIG", &broken)], reference).await;
    assert!(problem.starts_with("problem: ") && problem.contains("Syntax error at line 1"));
    assert!(!problem.contains("hunter22"), "{problem}");
}

#[tokio::test]
async fn credential_helpers_are_asked_and_not_waited_for_for_ever() {
    let folder = Folder::new("helpers");
    let script = |name: &str, text: &str| {
        let path = folder.0.join(format!("docker-credential-{name}"));
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    };
    let good = script(
        "good",
        "read server; echo \"{\\\"ServerURL\\\":\\\"x\\\",\\\"Username\\\":\\\"u\\\",\\\"Secret\\\":\\\"$server\\\"}\"",
    );
    let identity = script("id", "echo '{\"Username\":\"<token>\",\"Secret\":\"r\"}'");
    let unknown = script(
        "unknown",
        "echo credentials not found in native keychain; exit 1",
    );
    let failing = script("failing", "echo hunter22; exit 3");
    let odd = script("odd", "echo hunter22");
    let slow = script("slow", "sleep 30");
    let time = Duration::from_secs(5);
    let ask = async |path: &str, time| shown(helper::within(path, "ghcr.io", time).await);
    assert_eq!(ask(&good, time).await, "u:ghcr.io");
    assert_eq!(ask(&identity, time).await, "identity r");
    assert_eq!(ask(&unknown, time).await, "none");
    assert!(
        ask(&failing, time)
            .await
            .contains("failed (exit status: 3)")
    );
    assert!(
        ask(&odd, time)
            .await
            .contains("something else than a login")
    );
    for path in [&failing, &odd] {
        assert!(!ask(path, time).await.contains("hunter22"));
    }
    let hung = ask(&slow, Duration::from_millis(50)).await;
    assert!(hung.contains("did not answer within 0.05 s"), "{hung}");
    let missing = helper::get("../evil", "ghcr.io", time).await;
    assert!(shown(missing).contains("is not one"));
}
