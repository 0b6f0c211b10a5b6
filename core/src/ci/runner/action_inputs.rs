//! The inputs that actions declare: what else is given under `with:` is ignored by the runner,
//! which only warns.
//!
//! Lists follow each action's `action.yml` over the major versions in use; an action that is not
//! listed takes anything.

use std::collections::BTreeMap;

use crate::ci::shell::Shell;

/// Tells of inputs that the action does not have, in the runner's words.
pub(super) fn check(shell: &mut Shell<'_, '_>, action: &str, with: &BTreeMap<String, String>) {
    let Some((_, known)) = DECLARED.iter().find(|(name, _)| *name == action) else {
        return;
    };
    let is_unknown = |name: &&String| !known.split(' ').any(|one| one.eq_ignore_ascii_case(name));
    for name in with.keys().filter(is_unknown) {
        shell.err(&format!(
            "Warning: Unexpected input(s) '{name}', valid inputs are ['{}']\n",
            known.replace(' ', "', '")
        ));
        let message = format!("{action} has no input {name}; the runner ignores it");
        let meant = meant(name, known).unwrap_or_default();
        let facts = [("input", name.as_str()), ("meant", meant)];
        shell
            .world
            .note_facts("action-input-unknown", message, &facts);
    }
}

/// The one input that differs by an ending or a letter.
fn meant<'k>(name: &str, known: &'k str) -> Option<&'k str> {
    let plain = |text: &str| text.trim_end_matches('s').replace(['-', '_'], "");
    let mut alike = known.split(' ').filter(|one| plain(one) == plain(name));
    alike.next().filter(|_| alike.next().is_none())
}

const DECLARED: [(&str, &str); 5] = [
    (
        "docker/build-push-action",
        "add-hosts allow annotations attests build-args build-contexts builder cache-from cache-to call cgroup-parent context file labels load network no-cache no-cache-filters outputs platforms provenance pull push sbom secrets secret-envs secret-files shm-size ssh tags target ulimit github-token",
    ),
    ("docker/setup-qemu-action", "image platforms cache-image"),
    (
        "docker/setup-buildx-action",
        "version name driver driver-opts buildkitd-flags buildkitd-config buildkitd-config-inline install use endpoint platforms append keep-state cache-binary cleanup config config-inline",
    ),
    (
        "docker/login-action",
        "registry registry-auth username password scope ecr logout",
    ),
    (
        "docker/metadata-action",
        "context images tags flavor labels annotations sep-tags sep-labels sep-annotations bake-target github-token",
    ),
];
