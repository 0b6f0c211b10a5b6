//! `docker version` and `docker info`.

use super::{Client, buildx_version};
use crate::ci::shell::Shell;
use crate::ci::world::daemon;

pub(super) fn version(shell: &mut Shell<'_, '_>, client: &Client, words: &[String]) -> i32 {
    let formatted = words.iter().any(|w| w.starts_with("--format") || w == "-f");
    let context = shell.world.current_context.clone();
    let client_text = format!(
        "Client:\n Version:           {}\n OS/Arch:           linux/{}\n Context:           {context}\n",
        client.version, shell.world.settings.arch
    );
    match daemon::reach(shell, client.context.as_deref()) {
        Ok(at) => {
            let daemon = shell.world.daemons[at].version;
            if formatted {
                shell.out(&format!("{daemon}\n"));
            } else {
                shell.out(&client_text);
                shell.out(&format!(
                    "\nServer: Docker Engine - Community\n Engine:\n  Version:          {daemon}\n"
                ));
            }
            0
        }
        Err(refused) => {
            if !refused.early {
                shell.out(&client_text);
            }
            shell.err(&format!("{}\n", refused.text));
            1
        }
    }
}

pub(super) fn info(shell: &mut Shell<'_, '_>, client: &Client) -> i32 {
    let plugins = [
        buildx_version(shell)
            .map(|v| format!("  buildx: Docker Buildx (Docker Inc.)\n    Version:  v{v}\n")),
        shell
            .world
            .tools
            .compose
            .then(|| "  compose: Docker Compose (Docker Inc.)\n".to_owned()),
    ];
    let plugins: String = plugins.into_iter().flatten().collect();
    let context = shell.world.current_context.clone();
    let head = format!(
        "Client:\n Version:    {}\n Context:    {context}\n Debug Mode: false\n",
        client.version
    );
    let head = if plugins.is_empty() {
        head
    } else {
        format!("{head} Plugins:\n{plugins}")
    };
    match daemon::reach(shell, client.context.as_deref()) {
        Ok(at) => {
            let daemon = &shell.world.daemons[at];
            let driver = match daemon.store {
                crate::environment::ImageStore::Containerd => {
                    "overlayfs\n  driver-type: io.containerd.snapshotter.v1"
                }
                crate::environment::ImageStore::GraphDriver => "overlay2",
            };
            let text = format!(
                "\nServer:\n Server Version: {}\n Storage Driver: {driver}\n Architecture: {}\n",
                daemon.version,
                if shell.world.settings.arch == "arm64" {
                    "aarch64"
                } else {
                    "x86_64"
                }
            );
            shell.out(&head);
            shell.out(&text);
            0
        }
        Err(refused) => {
            shell.out(&head);
            shell.out("\nServer:\n");
            shell.err(&format!(
                "ERROR: {}\nerrors pretty printing info\n",
                refused.text
            ));
            1
        }
    }
}
