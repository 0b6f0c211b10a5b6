//! The command line's export flags, as typed (`util/buildflags` of buildx).

use std::collections::BTreeMap;

use super::{ExportError, Provenance};
use crate::dockerfile::csv;

/// Flags of `docker buildx build` that shape what is exported. Texts as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportFlags {
    /// `--output`, each.
    pub outputs: Vec<String>,
    pub provenance: Option<String>,
    pub sbom: Option<String>,
    /// `--attest`, each.
    pub attests: Vec<String>,
    /// `--annotation`, each.
    pub annotations: Vec<String>,
    /// `--cache-to`, each.
    pub cache_to: Vec<String>,
    /// `SOURCE_DATE_EPOCH`, as build argument or in the environment.
    pub source_date_epoch: Option<String>,
    /// `BUILDKIT_MULTI_PLATFORM`, as build argument: whether there is an index.
    pub multi_platform: Option<String>,
    /// `BUILDX_NO_DEFAULT_ATTESTATIONS=1` in the environment.
    pub no_default_attestations: bool,
    /// `BUILDX_NO_DEFAULT_OCI_ARTIFACT=1` in the environment.
    pub no_default_oci_artifact: bool,
}

/// One `--output`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Output {
    /// `registry` is `image` with a push.
    pub(super) kind: String,
    pub(super) attributes: BTreeMap<String, String>,
}

/// What the attestation flags say; `None` where they are silent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) provenance: Option<Provenance>,
    pub(super) sbom: Option<bool>,
    /// `version=v1` or `version=v0.2`.
    pub(super) slsa_1: Option<bool>,
}

impl ExportFlags {
    /// The output that writes an image, else the first; an image where nothing is said.
    pub(super) fn output(&self) -> Result<Output, ExportError> {
        let outputs: Result<Vec<_>, _> = self.outputs.iter().map(|text| output(text)).collect();
        let outputs = outputs?;
        let image = outputs
            .iter()
            .find(|o| ["image", "oci", "docker"].contains(&o.kind.as_str()));
        Ok(image.or(outputs.first()).cloned().unwrap_or(Output {
            kind: "image".to_owned(),
            attributes: BTreeMap::new(),
        }))
    }

    /// `--cache-to type=inline`.
    pub(super) fn inline_cache(&self) -> bool {
        let mut caches = self.cache_to.iter();
        caches.any(|cache| cache.split(',').any(|field| field.trim() == "type=inline"))
    }

    pub(super) fn attestations(&self) -> Result<Asked, ExportError> {
        let short = [("provenance", &self.provenance), ("sbom", &self.sbom)];
        let short = short.into_iter().filter_map(|(kind, value)| {
            let value = value.as_deref().filter(|value| !value.is_empty())?;
            Some(match boolean(value) {
                Some(on) => format!("type={kind},disabled={}", !on),
                None => format!("type={kind},{value}"),
            })
        });
        let mut asked = Asked::default();
        // A later one of a type replaces an earlier one; the short forms come last.
        for text in self.attests.iter().cloned().chain(short) {
            let (mut kind, mut disabled, mut mode, mut version) = (None, false, None, None);
            for (key, value) in fields(&text)? {
                match key.trim().to_lowercase().as_str() {
                    "type" => kind = Some(value),
                    "disabled" => {
                        disabled = boolean(&value)
                            .ok_or_else(|| ExportError::Field(format!("{key}={value}")))?;
                    }
                    "mode" => mode = Some(value),
                    "version" => version = Some(value),
                    _ => {}
                }
            }
            match kind.as_deref() {
                None | Some("") => return Err(ExportError::NoAttestationType),
                Some("sbom") => asked.sbom = Some(!disabled),
                Some("provenance") if disabled => asked.provenance = Some(Provenance::Off),
                Some("provenance") => {
                    // Asked for without a mode, BuildKit records everything.
                    asked.provenance = Some(match mode.as_deref() {
                        Some("min") => Provenance::Min,
                        _ => Provenance::Max,
                    });
                    asked.slsa_1 = version.map(|version| version == "v1");
                }
                // What is disabled is not sent.
                Some(_) if disabled => {}
                Some(other) => return Err(ExportError::AttestationType(other.to_owned())),
            }
        }
        Ok(asked)
    }
}

impl Output {
    /// A boolean attribute.
    pub(super) fn flag(&self, key: &'static str) -> Result<Option<bool>, ExportError> {
        let Some(value) = self.attributes.get(key) else {
            return Ok(None);
        };
        // `force-compression` alone takes an empty value for true.
        if value.is_empty() && key == "force-compression" {
            return Ok(Some(true));
        }
        boolean(value)
            .map(Some)
            .ok_or_else(|| ExportError::NotBool {
                key,
                value: value.clone(),
            })
    }
}

fn output(text: &str) -> Result<Output, ExportError> {
    let is_path = !text.contains(',') && !text.starts_with("type=");
    if is_path {
        let kind = if text == "-" { "tar" } else { "local" };
        return Ok(Output {
            kind: kind.to_owned(),
            attributes: BTreeMap::new(),
        });
    }
    let mut kind = String::new();
    let mut attributes = BTreeMap::new();
    for (key, value) in fields(text)? {
        let key = key.trim().to_lowercase();
        if key == "type" {
            kind = value;
        } else {
            attributes.insert(key, value);
        }
    }
    match kind.as_str() {
        "" => Err(ExportError::NoType),
        "registry" => {
            attributes.insert("push".to_owned(), "true".to_owned());
            Ok(Output {
                kind: "image".to_owned(),
                attributes,
            })
        }
        _ => Ok(Output { kind, attributes }),
    }
}

/// `key=value` fields of one flag.
fn fields(text: &str) -> Result<Vec<(String, String)>, ExportError> {
    let fields = csv::fields(text).map_err(ExportError::Csv)?;
    let pairs = fields.into_iter().map(|field| match field.split_once('=') {
        Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
        None => Err(ExportError::Field(field)),
    });
    pairs.collect()
}

/// Go's `strconv.ParseBool`.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
