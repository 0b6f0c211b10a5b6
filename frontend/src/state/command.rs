//! The build as a command line, for copying.

use polyarch_core::analysis::{Attestations, Project, Settings};

/// `docker buildx build …` with these settings.
pub(crate) fn build_command(project: &Project) -> String {
    let settings = &project.settings;
    let mut words = vec!["docker buildx build".to_owned()];
    if project.dockerfile_name != "Dockerfile" {
        words.push(format!("-f {}", quoted(&project.dockerfile_name)));
    }
    if !settings.platforms.is_empty() {
        words.push(format!(
            "--platform {}",
            quoted(&settings.platforms.join(","))
        ));
    }
    if let Some(target) = &settings.target {
        words.push(format!("--target {}", quoted(target)));
    }
    for (name, value) in &settings.build_args {
        words.push(format!(
            "--build-arg {}",
            quoted(&format!("{name}={value}"))
        ));
    }
    for tag in &settings.tags {
        words.push(format!("-t {}", quoted(tag)));
    }
    words.extend(attestation_flag(settings).map(str::to_owned));
    if settings.push {
        words.push("--push".to_owned());
    }
    words.push(".".to_owned());
    words.join(" ")
}

fn attestation_flag(settings: &Settings) -> Option<&'static str> {
    match settings.attestations {
        Attestations::Default => None,
        Attestations::None => Some("--provenance=false"),
        Attestations::Max => Some("--provenance=mode=max"),
        Attestations::WithSbom => Some("--sbom=true"),
    }
}

/// The text as one word of a POSIX shell.
pub(crate) fn quoted(text: &str) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:,=@+%".contains(&b);
    if !text.is_empty() && text.bytes().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_a_shell_would_split_are_quoted() {
        assert_eq!(quoted("linux/arm/v7"), "linux/arm/v7");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn the_command_names_what_was_chosen() {
        let settings = Settings {
            tags: vec!["a/b:1".to_owned()],
            build_args: vec![("V".to_owned(), "1 2".to_owned())],
            attestations: Attestations::None,
            ..Settings::default()
        };
        let project = Project {
            settings,
            ..Project::default()
        };
        assert_eq!(
            build_command(&project),
            "docker buildx build --platform linux/amd64,linux/arm64 --build-arg 'V=1 2' -t a/b:1 \
             --provenance=false --push ."
        );
    }
}
