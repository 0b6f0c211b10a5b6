//! `docker login` and `docker logout`.
//!
//! Texts: docker/cli `cli/command/registry/login.go`.

use super::Client;
use crate::ci::commands::Arguments;
use crate::ci::commands::arguments::Flag;
use crate::ci::commands::aws::ECR_TOKEN;
use crate::ci::shell::Shell;
use crate::ci::world::registry::login_host;
use crate::ci::world::{Credential, daemon};

const FLAGS: &[Flag] = &[
    ("username", 'u', true),
    ("password", 'p', true),
    ("password-stdin", ' ', false),
];

pub(super) fn login(shell: &mut Shell<'_, '_>, client: &Client, words: &[String]) -> i32 {
    let arguments = Arguments::parse(words, FLAGS, true);
    if let Some(flag) = &arguments.unknown {
        let flag = flag.clone();
        return super::unknown_flag(shell, &flag, "docker login");
    }
    if let Some(flag) = &arguments.incomplete {
        shell.err(&format!(
            "flag needs an argument: {flag}\nSee 'docker login --help'.\n"
        ));
        return 125;
    }
    let user = arguments.get("username").unwrap_or_default().to_owned();
    let from_input = arguments.is_set("password-stdin");
    if arguments.rest.len() > 1 {
        shell.err("\"docker login\" requires at most 1 argument.\nSee 'docker login --help'.\n");
        return 1;
    }
    if from_input && user.is_empty() {
        shell.err("Must provide --username with --password-stdin\n");
        return 1;
    }
    let password = if from_input {
        shell.read_all().trim_end_matches(['\n', '\r']).to_owned()
    } else {
        arguments.get("password").unwrap_or_default().to_owned()
    };
    if arguments.has("password") {
        shell.err("WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n");
    }
    if user.is_empty() || password.is_empty() {
        shell.world.note(
            "login-bad-password",
            "the user name or the password is empty: a variable is not set in this pipeline",
        );
        shell.err("Error: Cannot perform an interactive login from a non TTY device\n");
        return 1;
    }
    if let Err(refused) = daemon::reach(shell, client.context.as_deref()) {
        if !refused.is_connection(client.version) {
            shell.err(&format!("{}\n", refused.text));
            return 1;
        }
        shell
            .world
            .reason("the daemon does not answer, so the client asks the registry itself");
    }
    shell.world.pass(1.0);
    let typed = arguments.rest.first().cloned().unwrap_or_default();
    let host = login_host(&typed);
    if password == ECR_TOKEN {
        shell.world.registries.ecr_hosts.insert(host.clone());
    }
    store(shell, &host, &user);
    let home = shell.variables.get("HOME").unwrap_or("/root").to_owned();
    let warning = if client.version.at_least(28, 0) {
        format!(
            "\nWARNING! Your credentials are stored unencrypted in '{home}/.docker/config.json'.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n\n"
        )
    } else {
        format!(
            "WARNING! Your password will be stored unencrypted in {home}/.docker/config.json.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/engine/reference/commandline/login/#credentials-store\n\n"
        )
    };
    shell.err(&warning);
    shell.out("Login Succeeded\n");
    shell.world.reason(format!(
        "credentials for {host} are kept for the pushes of this job"
    ));
    0
}

/// Remembers a login, for the commands of other tools too.
pub(in crate::ci) fn store(shell: &mut Shell<'_, '_>, host: &str, user: &str) {
    let current = shell.world.current_builder.clone();
    if let Some(name) = current.filter(|name| shell.world.builders.contains_key(name)) {
        shell.world.note_facts(
            "login-order-builder",
            format!("the login comes after the builder {name} was made, which is fine"),
            &[("builder", &name)],
        );
    }
    let credential = Credential {
        user: user.to_owned(),
    };
    if shell
        .world
        .credentials
        .insert(host.to_owned(), credential.clone())
        != Some(credential)
    {
        shell.world.change();
    }
}

pub(super) fn logout(shell: &mut Shell<'_, '_>, words: &[String]) -> i32 {
    let typed = words
        .iter()
        .find(|w| !w.starts_with('-'))
        .cloned()
        .unwrap_or_default();
    let host = login_host(&typed);
    if shell.world.credentials.remove(&host).is_some() {
        shell.world.change();
        shell.out(&format!("Removing login credentials for {host}\n"));
    } else {
        shell.out(&format!("Not logged in to {host}\n"));
    }
    0
}
