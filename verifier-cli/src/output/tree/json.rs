//! The tree as JSON.

use std::collections::BTreeMap;

use polyarch_core::oci::Descriptor;
use polyarch_core::verify::{Body, Client, Evidence, Image, Node, Pull};
use serde::Serialize;
use serde_json::Value;

use super::state;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    reference: &'a str,
    resolved: Option<String>,
    nodes: Vec<JsonNode<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonNode<'a> {
    kind: &'static str,
    platform: Option<String>,
    media_type: Option<&'a str>,
    digest: Option<String>,
    size: Option<u64>,
    state: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<JsonConfig<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layers: Option<Vec<JsonLayer<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<Vec<JsonNode<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonConfig<'a> {
    media_type: &'a str,
    digest: &'a str,
    size: u64,
    state: &'static str,
    platform: Option<String>,
    document: Option<&'a Value>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonLayer<'a> {
    media_type: &'a str,
    digest: &'a str,
    size: u64,
    state: &'static str,
}

/// The shown nodes.
pub(crate) fn json(reference: &str, name: &str, nodes: &[&Node], evidence: &Evidence) -> String {
    render(&Document {
        schema_version: 1,
        reference,
        resolved: evidence.digest().map(|digest| format!("{name}@{digest}")),
        nodes: nodes.iter().map(|node| node_of(node, evidence)).collect(),
    })
}

/// What a client gets.
pub(crate) fn pull_json(client: &Client, name: &str, pull: &Pull<'_>) -> String {
    let digest = |node: &Node| node.digest().map(|digest| format!("{name}@{digest}"));
    let value = match pull {
        Pull::Gets {
            node,
            platform,
            exact,
        } => serde_json::json!({
            "pulls": digest(node), "platform": platform.to_string(), "exact": exact, "error": null,
        }),
        Pull::GetsWrong { node, warning } => serde_json::json!({
            "pulls": digest(node), "platform": node.platform().map(ToString::to_string),
            "exact": false, "error": null, "warning": warning,
        }),
        Pull::Error { docker, containerd } => serde_json::json!({
            "pulls": null, "platform": null, "exact": false,
            "error": docker, "containerd": containerd,
        }),
        Pull::Unknown => serde_json::json!({
            "pulls": null, "platform": null, "exact": false, "error": null,
        }),
    };
    let head = serde_json::json!({
        "schemaVersion": 1, "client": client.name, "wants": client.platform.to_string(),
    });
    let mut whole = head;
    if let (Some(whole), Value::Object(value)) = (whole.as_object_mut(), value) {
        whole.extend(value);
    }
    render(&whole)
}

fn render<T: Serialize>(value: &T) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn node_of<'a>(node: &'a Node, evidence: &'a Evidence) -> JsonNode<'a> {
    let entry = node.entry.as_ref().map(|entry| &entry.descriptor);
    let own_type = match &node.body {
        Body::Index(index, _) => index.media_type.as_deref(),
        Body::Image(image) => image.manifest.media_type.as_deref(),
        Body::Attestation(manifest) | Body::Artifact(manifest) => manifest.media_type.as_deref(),
        Body::Flawed(_) | Body::Nothing => None,
    };
    let layers = match &node.body {
        Body::Image(image) => Some(&image.manifest.layers),
        Body::Attestation(manifest) | Body::Artifact(manifest) => Some(&manifest.layers),
        Body::Index(..) | Body::Flawed(_) | Body::Nothing => None,
    };
    let children = match &node.body {
        Body::Index(_, children) => Some(children),
        _ => None,
    };
    JsonNode {
        kind: state::kind(node),
        platform: node.platform().map(ToString::to_string),
        media_type: entry.map(|entry| entry.media_type.as_str()).or(own_type),
        digest: node.digest().map(ToString::to_string),
        size: node
            .document()
            .map(polyarch_core::oci::Document::size)
            .or(entry.map(|entry| entry.size)),
        state: state::of_retrieval(&node.retrieval),
        annotations: entry
            .map(|entry| {
                let pairs = entry.annotations.iter();
                pairs.map(|(k, v)| (k.as_str(), v.as_str())).collect()
            })
            .unwrap_or_default(),
        config: node.image().map(config_of),
        layers: layers.map(|layers| layers.iter().map(|l| layer_of(l, evidence)).collect()),
        children: children.map(|all| all.iter().map(|node| node_of(node, evidence)).collect()),
    }
}

fn config_of(image: &Image) -> JsonConfig<'_> {
    let descriptor = &image.manifest.config;
    let config = image.config.read();
    JsonConfig {
        media_type: &descriptor.media_type,
        digest: descriptor.digest.as_str(),
        size: descriptor.size,
        state: state::of_retrieval(&image.config.retrieval),
        platform: config.map(|config| config.platform.to_string()),
        document: config.map(|config| &*config.value),
    }
}

fn layer_of<'a>(descriptor: &'a Descriptor, evidence: &'a Evidence) -> JsonLayer<'a> {
    let layer = evidence.layers.get(&descriptor.digest);
    JsonLayer {
        media_type: &descriptor.media_type,
        digest: descriptor.digest.as_str(),
        size: descriptor.size,
        state: state::of_layer(layer.map(|layer| &layer.state)),
    }
}
