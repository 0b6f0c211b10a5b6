//! Credential helpers: `docker-credential-<name> get`, with the server on standard input.
//!
//! Source: docker-credential-helpers' protocol. A helper that hangs is ended after a time limit.

use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::keychain::Credential;
use super::secret::Secret;

/// An answer is a few hundred bytes.
const LARGEST: u64 = 64 * 1024;

/// What a helper prints where it knows no login.
const NOT_FOUND: &str = "credentials not found";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    username: String,
    secret: String,
}

/// Asks the helper for a server's login; `None` if it knows none. An error is a fragment and holds
/// nothing of what the helper printed.
pub(crate) async fn get(
    name: &str,
    server: &str,
    time: Duration,
) -> Result<Option<Credential>, String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || !name.chars().all(is_name) {
        return Err("the name of the credential helper is not one".to_owned());
    }
    within(&format!("docker-credential-{name}"), server, time).await
}

/// Runs a program by its path or name.
pub(crate) async fn within(
    program: &str,
    server: &str,
    time: Duration,
) -> Result<Option<Credential>, String> {
    match tokio::time::timeout(time, run(program, server)).await {
        Ok(answer) => answer,
        Err(_) => Err(format!(
            "{program} did not answer within {} s",
            time.as_secs_f64()
        )),
    }
}

async fn run(program: &str, server: &str) -> Result<Option<Credential>, String> {
    let mut child = Command::new(program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("{program} cannot be started: {error}"))?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read its input may still answer.
        let _ = input.write_all(server.as_bytes()).await;
    }
    let mut output = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout
            .take(LARGEST)
            .read_to_end(&mut output)
            .await
            .map_err(|error| format!("{program} cannot be read: {error}"))?;
    }
    let status = child
        .wait()
        .await
        .map_err(|error| format!("{program} cannot be waited for: {error}"))?;
    if !status.success() {
        if String::from_utf8_lossy(&output).contains(NOT_FOUND) {
            return Ok(None);
        }
        return Err(format!("{program} failed ({status})"));
    }
    let answer: Answer = serde_json::from_slice(&output)
        .map_err(|_| format!("{program} answered with something else than a login"))?;
    if answer.secret.is_empty() {
        return Ok(None);
    }
    let secret = Secret::new(answer.secret);
    Ok(Some(if answer.username == "<token>" {
        Credential::IdentityToken {
            username: answer.username,
            token: secret,
        }
    } else {
        Credential::Basic {
            username: answer.username,
            password: secret,
        }
    }))
}
