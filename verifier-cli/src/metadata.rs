//! What `docker buildx build --metadata-file` and `docker buildx bake --metadata-file` write: the
//! digest of what was pushed.
//!
//! A build's file has `containerimage.digest` at its top, a bake's one such object for each target.

use std::path::Path;

use polyarch_core::digest::Digest;
use polyarch_core::reference::Reference;
use serde_json::Value;

use crate::error::CliError;

const DIGEST: &str = "containerimage.digest";
const NAME: &str = "image.name";

/// One pushed image of a metadata file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pushed {
    target: Option<String>,
    names: Vec<Reference>,
    digest: Digest,
}

/// The digest that `reference` must have according to the file.
pub(crate) fn digest_for(path: &Path, reference: Option<&Reference>) -> Result<Digest, CliError> {
    let text = std::fs::read(path).map_err(|source| CliError::Read {
        path: path.to_owned(),
        source,
    })?;
    choose(&text, reference)
        .map_err(|problem| CliError::Usage(format!("{}: {problem}", path.display())))
}

fn choose(text: &[u8], reference: Option<&Reference>) -> Result<Digest, String> {
    let value: Value =
        serde_json::from_slice(text).map_err(|error| format!("it is not JSON: {error}"))?;
    let object = value.as_object().ok_or("it is not a JSON object")?;
    if object.contains_key(DIGEST) {
        return pushed(None, &value).map(|pushed| pushed.digest);
    }
    let targets = object
        .iter()
        .filter(|(_, value)| value.get(DIGEST).is_some());
    let targets = targets
        .map(|(name, value)| pushed(Some(name), value))
        .collect::<Result<Vec<Pushed>, String>>()?;
    match targets.as_slice() {
        [] => Err(format!(
            "it has no {DIGEST}; buildx writes one when it pushes or loads an image"
        )),
        [only] => Ok(only.digest.clone()),
        several => {
            let is_named = |pushed: &&Pushed| {
                reference.is_some_and(|reference| {
                    let tag = reference.clone().with_default_tag();
                    pushed.names.iter().any(|name| {
                        name.name() == tag.name() && name.clone().with_default_tag().tag == tag.tag
                    })
                })
            };
            several
                .iter()
                .find(is_named)
                .map(|pushed| pushed.digest.clone())
                .ok_or_else(|| {
                    let targets: Vec<&str> =
                        several.iter().filter_map(|p| p.target.as_deref()).collect();
                    format!(
                        "none of its targets ({}) pushed the tag that is verified",
                        targets.join(", ")
                    )
                })
        }
    }
}

fn pushed(target: Option<&str>, value: &Value) -> Result<Pushed, String> {
    let text = value
        .get(DIGEST)
        .and_then(Value::as_str)
        .unwrap_or_default();
    let digest = text
        .parse()
        .map_err(|error| format!("its {DIGEST} is not a digest: {error}"))?;
    let names = value.get(NAME).and_then(Value::as_str).unwrap_or_default();
    Ok(Pushed {
        target: target.map(str::to_owned),
        names: names
            .split(',')
            .filter_map(|name| name.trim().parse().ok())
            .collect(),
        digest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(byte: u8) -> Digest {
        Digest::sha256(&[byte])
    }

    fn chosen(text: &str, reference: &str) -> Result<Digest, String> {
        choose(text.as_bytes(), reference.parse().ok().as_ref())
    }

    #[test]
    fn the_digest_of_a_build_and_of_the_right_bake_target_is_found() {
        let (a, b) = (digest(1), digest(2));
        let build = format!(
            "{{\"buildx.build.ref\":\"x\",\"{DIGEST}\":\"{a}\",\"{NAME}\":\"docker.io/o/app:1\"}}"
        );
        assert_eq!(chosen(&build, "o/app:1"), Ok(a.clone()));
        let bake = format!(
            "{{\"buildx.build.warnings\":[],\
             \"app\":{{\"{DIGEST}\":\"{a}\",\"{NAME}\":\"ghcr.io/o/app:1,ghcr.io/o/app\"}},\
             \"db\":{{\"{DIGEST}\":\"{b}\",\"{NAME}\":\"ghcr.io/o/db:1\"}}}}"
        );
        assert_eq!(chosen(&bake, "ghcr.io/o/app:latest"), Ok(a));
        assert_eq!(chosen(&bake, "ghcr.io/o/db:1"), Ok(b));
        let error = chosen(&bake, "ghcr.io/o/db:2").unwrap_err();
        assert!(error.contains("app, db"), "{error}");
    }

    #[test]
    fn other_files_are_refused() {
        for text in [
            "",
            "[]",
            "{}",
            "{\"containerimage.digest\":\"sha256:1\"}",
            "{\"a\":{}}",
        ] {
            assert!(chosen(text, "o/app:1").is_err(), "{text}");
        }
    }
}
