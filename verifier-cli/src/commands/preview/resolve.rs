//! `polyarch preview --resolve`: base images as the registries have them now, in the form of a
//! `--bases` file.
//!
//! What could not be established is said on standard error and left to the embedded catalogue.
//! Layers are never asked for: a preview needs documents only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use polyarch_core::analysis::{Project, base_references};
use polyarch_core::digest::Digest;
use polyarch_core::reference::Reference;
use polyarch_core::verify::{
    Answer, Ask, Body, Depth, Evidence, FailureKind, Headers, Limits, Node, Retrieval, Walk,
};
use serde_json::{Map, Value, json};

use super::cache::Cache;
use crate::args::transport::Transport as Options;
use crate::auth::keychain::Keychain;
use crate::commands::with_runtime;
use crate::error::CliError;
use crate::output;
use crate::registry::counters::Counters;
use crate::registry::transport::Transport;
use crate::source::{Location, Source, Surroundings};

/// Rounds of asking: a base's ONBUILD instructions may name further bases.
const MAX_ROUNDS: usize = 4;

/// What a registry says of a reference, or why that could not be established.
type Learned = Result<Value, String>;

/// Gives the project a catalogue with everything that its build asks registries for.
pub(super) fn resolve(projects: &mut [&mut Project], options: &Options) -> Result<(), CliError> {
    let around = Surroundings {
        transport: Transport::new(options.options()?),
        keychain: Keychain::from_env(|name| std::env::var(name).ok()),
    };
    let cache = Cache::of_user(|name| std::env::var_os(name));
    let mut learned: BTreeMap<String, Learned> = BTreeMap::new();
    for _ in 0..MAX_ROUNDS {
        let all = projects.iter().flat_map(|project| base_references(project));
        let new: BTreeSet<String> = all.filter(|name| !learned.contains_key(name)).collect();
        if new.is_empty() {
            break;
        }
        let answers = with_runtime(async {
            let asked = new.iter().map(|name| ask(name, &around, &cache));
            Ok(join_all(asked).await)
        })?;
        for (name, answer) in new.into_iter().zip(answers) {
            if let Err(why) = &answer {
                output::stderr(&format!(
                    "warning: {name} could not be established: {why}; the embedded catalogue \
                     answers for it\n"
                ));
            }
            learned.insert(name, answer);
        }
        let text = catalogue(&learned);
        for project in &mut *projects {
            project.bases = Some(text.clone());
        }
    }
    Ok(())
}

fn catalogue(learned: &BTreeMap<String, Learned>) -> String {
    let known = learned.iter().filter_map(|(name, answer)| {
        let value = answer.as_ref().ok()?;
        Some((name.clone(), value.clone()))
    });
    let mut object: Map<String, Value> = known.collect();
    object.insert("*".to_owned(), json!("embedded"));
    Value::Object(object).to_string()
}

async fn ask(name: &str, around: &Surroundings, cache: &Cache) -> Learned {
    let reference: Reference = name
        .parse()
        .map_err(|error: polyarch_core::reference::ParseError| error.to_string())?;
    let counters = Arc::new(Counters::default());
    let location = Location::Registry(reference);
    let source = Source::open(&location, around, &counters).map_err(|error| error.to_string())?;
    let head = Ask::ManifestHead {
        target: source.target.clone(),
    };
    let digest: Option<Digest> = match source.answer(&head).await {
        Answer::Head(headers) => headers.digest_header.and_then(|text| text.parse().ok()),
        _ => None,
    };
    if let Some(known) = digest.and_then(|digest| cache.get(&digest)) {
        return Ok(known);
    }
    let evidence = documents(&source).await;
    let entry = entry(&evidence)?;
    if let Some(held) = evidence.root.document() {
        cache.put(&Digest::sha256(held.bytes()), &entry);
    }
    Ok(entry)
}

/// A walk that takes layers for granted.
async fn documents(source: &Source<'_>) -> Evidence {
    let mut walk = Walk::new(source.target.clone(), Depth::Documents, Limits::default());
    let mut running = FuturesUnordered::new();
    loop {
        while let Some(request) = walk.poll() {
            if matches!(request.ask, Ask::BlobHead { .. } | Ask::BlobProbe { .. }) {
                let headers = Headers {
                    size: None,
                    content_type: None,
                    digest_header: None,
                };
                walk.handle(request.id, Answer::Head(headers));
                continue;
            }
            running.push(async move { (request.id, source.answer(&request.ask).await) });
        }
        match running.next().await {
            Some((id, answer)) => walk.handle(id, answer),
            None => return walk.finish(),
        }
    }
}

/// The reference's value in a `--bases` file.
fn entry(evidence: &Evidence) -> Learned {
    let root = &evidence.root;
    let held = match &root.retrieval {
        Retrieval::Held(held) => held,
        Retrieval::Failed(failure) if failure.kind == FailureKind::NotFound => {
            return Ok(json!({ "absent": true }));
        }
        other => return Err(why(other)),
    };
    let digest = Digest::sha256(held.document.bytes()).to_string();
    match &root.body {
        Body::Index(..) => {
            let mut entries = Vec::new();
            collect(root, &mut entries)?;
            Ok(json!({ "digest": digest, "index": entries }))
        }
        Body::Image(_) => Ok(json!({ "digest": digest, "manifest": image(root)? })),
        Body::Attestation(_) | Body::Artifact(_) | Body::Flawed(_) | Body::Nothing => {
            Err("it is not an image".to_owned())
        }
    }
}

fn collect(node: &Node, entries: &mut Vec<Value>) -> Result<(), String> {
    let Body::Index(_, children) = &node.body else {
        return Ok(());
    };
    for child in children {
        match &child.body {
            _ if child.is_attestation() => {}
            Body::Index(..) => collect(child, entries)?,
            Body::Image(_) => entries.push(image(child)?),
            Body::Attestation(_) | Body::Artifact(_) => {}
            Body::Flawed(_) | Body::Nothing => return Err(why(&child.retrieval)),
        }
    }
    Ok(())
}

fn image(node: &Node) -> Learned {
    let (Some(image), Some(document)) = (node.image(), node.document()) else {
        return Err(why(&node.retrieval));
    };
    let Some(config) = image.config.read() else {
        return Err(why(&image.config.retrieval));
    };
    let of_entry = node
        .entry
        .as_ref()
        .map(|entry| entry.descriptor.platform.as_ref());
    let platform = of_entry.unwrap_or(Some(&config.platform));
    let manifest: Value = serde_json::from_slice(document.bytes()).unwrap_or_default();
    Ok(json!({
        "platform": platform.map(ToString::to_string),
        "configPlatform": config.platform.to_string(),
        "digest": Digest::sha256(document.bytes()).to_string(),
        "config": config.value["config"],
        "history": config.value["history"],
        "diffIds": config.diff_ids,
        "layers": manifest["layers"],
    }))
}

fn why(retrieval: &Retrieval) -> String {
    match retrieval {
        Retrieval::Failed(failure) => failure.detail.clone(),
        Retrieval::Disproved(answer) => {
            format!(
                "the bytes received are {}, not what names them",
                answer.digest
            )
        }
        Retrieval::Skipped(_) | Retrieval::Held(_) => "a document cannot be read".to_owned(),
    }
}
