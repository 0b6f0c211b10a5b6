//! The build as a command line, for copying.

use polyarch_core::analysis::{Attestations, Project, Settings};
use polyarch_core::build::documents::ExportFlags;

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
    let flags = further(settings).into_iter();
    words.extend(flags.filter_map(|flag| {
        let (name, value) = flag.split_once('=')?;
        Some(format!("{name}={}", quoted(value))).filter(|_| name.starts_with("--"))
    }));
    let mut environment = Vec::new();
    if let Some(epoch) = &settings.export.source_date_epoch {
        environment.push(format!("SOURCE_DATE_EPOCH={}", quoted(epoch)));
    }
    let variables = further(settings).into_iter();
    environment.extend(variables.filter(|line| !line.starts_with("--")));
    words.splice(0..0, environment);
    if settings.push {
        words.push("--push".to_owned());
    }
    words.push(".".to_owned());
    words.join(" ")
}

/// Flags and variables of the environment that have no field of their own, as they are typed.
pub(crate) fn further(settings: &Settings) -> Vec<String> {
    let ExportFlags {
        outputs,
        provenance,
        sbom,
        attests,
        annotations,
        cache_to,
        source_date_epoch: _,
        multi_platform,
        no_default_attestations,
        no_default_oci_artifact,
    } = &settings.export;
    let contexts = settings.contexts.iter();
    let contexts: Vec<String> = contexts
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let all = |name: &str, values: &[String]| -> Vec<String> {
        values
            .iter()
            .map(|value| format!("--{name}={value}"))
            .collect()
    };
    let mut lines = all("build-context", &contexts);
    lines.extend(all("output", outputs));
    lines.extend(all("provenance", provenance.as_slice()));
    lines.extend(all("sbom", sbom.as_slice()));
    lines.extend(all("attest", attests));
    lines.extend(all("annotation", annotations));
    lines.extend(all("cache-to", cache_to));
    let variable = |name: &str, value: &str| format!("{name}={value}");
    lines.extend(
        multi_platform
            .as_ref()
            .map(|value| variable(MULTI_PLATFORM, value)),
    );
    lines.extend(no_default_attestations.then(|| variable(NO_ATTESTATIONS, "1")));
    lines.extend(no_default_oci_artifact.then(|| variable(NO_ARTIFACT, "1")));
    lines
}

const MULTI_PLATFORM: &str = "BUILDKIT_MULTI_PLATFORM";
const NO_ATTESTATIONS: &str = "BUILDX_NO_DEFAULT_ATTESTATIONS";
const NO_ARTIFACT: &str = "BUILDX_NO_DEFAULT_OCI_ARTIFACT";

/// Reads what [`further`] writes; a line that is none of it is left out.
pub(crate) fn read_further(settings: &mut Settings, text: &str) {
    settings.contexts.clear();
    let mut flags = ExportFlags {
        source_date_epoch: settings.export.source_date_epoch.take(),
        ..ExportFlags::default()
    };
    for line in text.lines().map(str::trim) {
        let Some((name, value)) = line.split_once(['=', ' ']) else {
            continue;
        };
        let value = value.trim().to_owned();
        match name {
            "--build-context" => settings.contexts.extend(
                value
                    .split_once('=')
                    .map(|(name, value)| (name.to_owned(), value.to_owned())),
            ),
            "--output" | "-o" => flags.outputs.push(value),
            "--provenance" => flags.provenance = Some(value),
            "--sbom" => flags.sbom = Some(value),
            "--attest" => flags.attests.push(value),
            "--annotation" => flags.annotations.push(value),
            "--cache-to" => flags.cache_to.push(value),
            MULTI_PLATFORM => flags.multi_platform = Some(value),
            NO_ATTESTATIONS => flags.no_default_attestations = value == "1",
            NO_ARTIFACT => flags.no_default_oci_artifact = value == "1",
            _ => {}
        }
    }
    settings.export = flags;
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
    fn further_flags_are_read_as_they_are_written() {
        let text = "--build-context=base=docker-image://alpine\n--output=type=image,oci-mediatypes=false\n\
            --provenance=mode=max\n--sbom=true\n--attest=type=sbom\n--annotation=index:a=b\n\
            --cache-to=type=inline\nBUILDKIT_MULTI_PLATFORM=1\nBUILDX_NO_DEFAULT_ATTESTATIONS=1\n\
            BUILDX_NO_DEFAULT_OCI_ARTIFACT=1";
        let mut settings = Settings::default();
        settings.export.source_date_epoch = Some("7".to_owned());
        read_further(&mut settings, &format!("{text}\nnothing\n"));
        assert_eq!(further(&settings).join("\n"), text);
        assert_eq!(settings.export.source_date_epoch.as_deref(), Some("7"));
        let project = Project {
            settings,
            ..Project::default()
        };
        let command = build_command(&project);
        assert!(
            command.starts_with("SOURCE_DATE_EPOCH=7 BUILDKIT_MULTI_PLATFORM=1 "),
            "{command}"
        );
        assert!(command.contains(" --annotation=index:a=b "), "{command}");
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
