//! The gate in other people's pipelines: where polyarch is published, and the lines that call it.
//!
//! The one place for names that change when the project gets its home; `templates/verify.yml`,
//! `action.yml`, the examples and the README are held to them by a test.

use std::fmt::Write as _;

/// Path of the project on its forge, which is also the action's name on GitHub.
pub const PROJECT: &str = "tools/polyarch";

/// The released image.
pub const IMAGE: &str = concat!(
    "registry.example.com/tools/polyarch:",
    env!("CARGO_PKG_VERSION")
);

/// Releases lie below it in a folder for each version, `v0.1.0`.
pub const RELEASES: &str = "https://github.com/tools/polyarch/releases/download";

/// GitLab's component, with its header of inputs.
pub const COMPONENT: &str = include_str!("../../../templates/verify.yml");

/// What a pipeline asks for: versions that keep what they mean.
const MAJOR: &str = env!("CARGO_PKG_VERSION_MAJOR");

/// `include:` of the component, with its inputs by name; three lines where there is one input.
pub fn gitlab(inputs: &[(&str, &str)]) -> String {
    let mut text = format!("include:\n  - component: $CI_SERVER_FQDN/{PROJECT}/verify@{MAJOR}\n");
    if let [(name, value)] = inputs {
        let _ = writeln!(text, "    inputs: {{{name}: {value}}}");
        return text;
    }
    text.push_str("    inputs:\n");
    for (name, value) in inputs {
        let _ = writeln!(text, "      {name}: {value}");
    }
    text
}

/// The step that uses the action, with its inputs by name.
pub fn github(inputs: &[(&str, &str)]) -> String {
    let mut text = format!("- uses: {PROJECT}@v{MAJOR}\n  with:\n");
    for (name, value) in inputs {
        let _ = writeln!(text, "    {name}: {value}");
    }
    text
}

/// Whether an `include: component` is this component, whoever hosts a copy of it.
pub fn is_component(address: &str) -> bool {
    let path = address.split('@').next().unwrap_or_default();
    path.ends_with("/polyarch/verify")
}

/// Whether a `uses` without its version is this action.
pub(super) fn is_action(name: &str) -> bool {
    name.split_once('/')
        .is_some_and(|(_, repository)| repository == "polyarch")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_component_and_action_are_known() {
        assert!(is_component("$CI_SERVER_FQDN/tools/polyarch/verify@0"));
        assert!(is_component(
            "gitlab.example.com/a/b/polyarch/verify@~latest"
        ));
        assert!(!is_component("gitlab.example.com/a/polyarch/other@1"));
        assert!(is_action("tools/polyarch") && !is_action("tools/polyarch/sub"));
        assert!(!is_action("docker/login-action"));
    }
}
