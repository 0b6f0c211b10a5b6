//! How documents differ between BuildKit's versions, byte for byte.
//!
//! Read from BuildKit's source at its release tags (`exporter/containerimage/writer.go`,
//! `exporter/containerimage/image`, `frontend/dockerfile/dockerfile2llb/image.go`,
//! `frontend/attestations/parse.go`):
//!
//! | until | what |
//! |---|---|
//! | 0.11 | index and manifests begin with `mediaType`, then `schemaVersion` |
//! | 0.11 | `ArgsEscaped` stands behind `Healthcheck` in the config |
//! | 0.11 | since 0.10, the config holds the build's record under `moby.buildkit.buildinfo.v1` |
//! | 0.12 | `OnBuild` is always there, `null` where there is none |
//! | 0.27 | provenance is of SLSA 0.2 unless asked otherwise |
//! | 0.30 | what needs OCI types turns them on instead of failing |

use serde::Serialize;
use serde_json::{Map, Value};

use crate::environment::Version;
use crate::oci::write::{ImageConfig, compact, indented};

/// The record of a build that nobody has run.
const INVENTED_BUILD_INFO: &str = "eyJmcm9udGVuZCI6ImRvY2tlcmZpbGUudjAifQ==";

/// Whether the config holds a record of the build, which is never known here.
pub(super) fn has_build_info(buildkit: Version) -> bool {
    buildkit.at_least(0, 10) && !buildkit.at_least(0, 12)
}

/// Whether provenance is of SLSA 1 where nothing is said.
pub(super) fn has_slsa_1(buildkit: Version) -> bool {
    buildkit.at_least(0, 28)
}

/// Whether options that need OCI types turn them on.
pub(super) fn forces_oci_types(buildkit: Version) -> bool {
    !buildkit.at_least(0, 31)
}

/// An index or a manifest.
pub(super) fn document_bytes<T: Serialize>(document: &T, buildkit: Version) -> Vec<u8> {
    if buildkit.at_least(0, 12) {
        return indented(document);
    }
    match serde_json::to_value(document) {
        Ok(Value::Object(members)) => indented(&with_type_first(members)),
        _ => indented(document),
    }
}

fn with_type_first(mut members: Map<String, Value>) -> Map<String, Value> {
    let mut ordered = Map::new();
    if let Some(media_type) = members.shift_remove("mediaType") {
        ordered.insert("mediaType".to_owned(), media_type);
    }
    ordered.extend(members);
    ordered
}

/// A config.
pub(super) fn config_bytes(config: &ImageConfig, buildkit: Version) -> Vec<u8> {
    if buildkit.at_least(0, 13) {
        return compact(config);
    }
    let Ok(Value::Object(members)) = serde_json::to_value(config) else {
        return compact(config);
    };
    let mut ordered = Map::new();
    for (name, mut value) in members {
        if let ("config", Value::Object(container)) = (name.as_str(), &mut value) {
            reorder(container, buildkit);
        }
        // `moby.buildkit.buildinfo.v1` sorts behind `history`, before all that may follow.
        let is_history = name == "history";
        ordered.insert(name, value);
        if is_history && has_build_info(buildkit) {
            let record = INVENTED_BUILD_INFO.into();
            ordered.insert("moby.buildkit.buildinfo.v1".to_owned(), record);
        }
    }
    compact(&ordered)
}

/// Docker's own fields behind those of the image specification, as the structs then had them.
fn reorder(container: &mut Map<String, Value>, buildkit: Version) {
    let names = if buildkit.at_least(0, 12) {
        ["ArgsEscaped", "Healthcheck", "OnBuild", "Shell"]
    } else {
        ["Healthcheck", "ArgsEscaped", "OnBuild", "Shell"]
    };
    for name in names {
        let value = container.shift_remove(name);
        let value = value.or((name == "OnBuild").then_some(Value::Null));
        if let Some(value) = value {
            container.insert(name.to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::oci::write::{ContainerConfig, Healthcheck, Index};
    use crate::platform::Platform;

    fn config(minor: u32) -> String {
        let config = ImageConfig {
            config: ContainerConfig {
                exposed_ports: BTreeSet::from(["80/tcp".to_owned()]),
                cmd: vec!["<sh>".to_owned()],
                args_escaped: true,
                healthcheck: Some(Healthcheck {
                    retries: 2,
                    ..Healthcheck::default()
                }),
                shell: vec!["ash".to_owned()],
                ..ContainerConfig::default()
            },
            ..ImageConfig::for_platform(&Platform::new("linux", "amd64"))
        };
        let bytes = config_bytes(&config, Version::new(0, minor, 0));
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_configs_of_all_generations() {
        let tail = r#""os":"linux","rootfs":{"type":"layers","diff_ids":null}}"#;
        let head = r#"{"architecture":"amd64","config":{"ExposedPorts":{"80/tcp":{}},"Cmd":["\u003csh\u003e"],"#;
        for (minor, own, record) in [
            (
                9,
                r#""Healthcheck":{"Retries":2},"ArgsEscaped":true,"OnBuild":null,"Shell":["ash"]"#,
                false,
            ),
            (
                11,
                r#""Healthcheck":{"Retries":2},"ArgsEscaped":true,"OnBuild":null,"Shell":["ash"]"#,
                true,
            ),
            (
                12,
                r#""ArgsEscaped":true,"Healthcheck":{"Retries":2},"OnBuild":null,"Shell":["ash"]"#,
                false,
            ),
            (
                13,
                r#""ArgsEscaped":true,"Healthcheck":{"Retries":2},"Shell":["ash"]"#,
                false,
            ),
        ] {
            let record = if record {
                format!(r#""moby.buildkit.buildinfo.v1":"{INVENTED_BUILD_INFO}","#)
            } else {
                String::new()
            };
            let expected = format!(r#"{head}{own}}},"created":null,"history":null,{record}{tail}"#);
            assert_eq!(config(minor), expected, "0.{minor}");
        }
    }

    #[test]
    fn the_media_type_stood_first_until_0_11() {
        let index = Index::new("type", Vec::new());
        let text = |minor| {
            let bytes = document_bytes(&index, Version::new(0, minor, 6));
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(
            text(11),
            "{\n  \"mediaType\": \"type\",\n  \"schemaVersion\": 2,\n  \"manifests\": []\n}"
        );
        assert_eq!(
            text(12),
            "{\n  \"schemaVersion\": 2,\n  \"mediaType\": \"type\",\n  \"manifests\": []\n}"
        );
    }
}
