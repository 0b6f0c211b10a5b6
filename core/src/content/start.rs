//! The program that ENTRYPOINT or CMD names.

use super::tree::Tree;
use crate::bases::ContainerConfig;
use crate::dockerfile::context::clean;

/// Its absolute path, where that can be told.
pub(super) fn program(config: &ContainerConfig, tree: &Tree) -> Option<String> {
    let words = if config.entrypoint.is_empty() {
        &config.cmd
    } else {
        &config.entrypoint
    };
    let name = match words.as_slice() {
        [shell, flag, script, ..] if shell.ends_with("sh") && flag == "-c" => {
            let mut words = script.split_whitespace();
            let first = words.next()?;
            let name = if first == "exec" {
                words.next()?
            } else {
                first
            };
            if name.contains(['$', '=', '"', '\'', '(', '&', ';', '|', '`', '{']) {
                return None;
            }
            name
        }
        [name, ..] => name,
        [] => return None,
    };
    if name.starts_with('/') {
        return Some(clean(name));
    }
    if name.contains('/') {
        return Some(clean(&format!("/{}/{name}", config.working_dir)));
    }
    let path = config
        .env
        .iter()
        .find_map(|pair| pair.strip_prefix("PATH="))?;
    path.split(':')
        .filter(|folder| folder.starts_with('/'))
        .map(|folder| clean(&format!("{folder}/{name}")))
        .find(|path| tree.nodes.contains_key(path))
}
