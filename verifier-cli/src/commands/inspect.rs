//! `polyarch inspect`: the tag as a tree, every document fetched and hashed.

use std::io::Write as _;
use std::sync::Arc;

use polyarch_core::platform::Platform;
use polyarch_core::reference::Target;
use polyarch_core::verify::{
    Body, Client, Depth, Evidence, FailureKind, Node, Pull, Retrieval, pull,
};

use super::with_runtime;
use crate::args::inspect::{Inspect, InspectFormat};
use crate::auth::keychain::Keychain;
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output::{self, tree};
use crate::registry::counters::Counters;
use crate::registry::transport::Transport;
use crate::source::{Location, Source, Surroundings, walk};

/// Fetches and prints.
pub(crate) fn run(args: &Inspect) -> Result<ExitCode, CliError> {
    let location: Location = args.reference.parse()?;
    let around = Surroundings {
        transport: Transport::new(args.transport.options()?),
        keychain: Keychain::from_env(|name| std::env::var(name).ok()),
    };
    let (name, evidence) = with_runtime(async {
        let counters = Arc::new(Counters::default());
        let source = Source::open(&location, &around, &counters)?;
        let evidence = walk(&source, Depth::Documents).await;
        Ok((source.name, evidence))
    })?;
    if let Some(code) = unreadable(&args.reference, &evidence) {
        return Ok(code);
    }
    if let Some(client) = &args.client {
        return as_client(client, &name, &evidence, args.format);
    }
    let shown = match &args.platform {
        None => vec![&evidence.root],
        Some(platform) => narrowed(&evidence, platform).ok_or_else(|| {
            let message = format!("{} has no {platform}", args.reference);
            CliError::Usage(message)
        })?,
    };
    match args.format {
        InspectFormat::Human => {
            output::stdout(&tree::human(&args.reference, &name, &shown, &evidence))?;
        }
        InspectFormat::Json => {
            output::stdout(&tree::json(&args.reference, &name, &shown, &evidence))?;
        }
        InspectFormat::Raw => raw(&shown)?,
    }
    Ok(ExitCode::Pass)
}

/// Says why there is nothing to show, with the exit code that `verify` would give.
fn unreadable(reference: &str, evidence: &Evidence) -> Option<ExitCode> {
    let (code, why) = match &evidence.root.retrieval {
        Retrieval::Held(_) => return None,
        Retrieval::Disproved(answer) => {
            let named = match &evidence.target {
                Target::Tag(tag) => tag.clone(),
                Target::Digest(digest) => digest.to_string(),
            };
            let why = format!("the bytes received for {named} are {}", answer.digest);
            (ExitCode::Failed, why)
        }
        Retrieval::Failed(failure) => match failure.kind {
            FailureKind::NotFound | FailureKind::TooLarge => {
                (ExitCode::Failed, failure.detail.clone())
            }
            FailureKind::Unauthorized
            | FailureKind::RateLimited
            | FailureKind::MethodNotAllowed
            | FailureKind::RegistryError
            | FailureKind::Unreachable => (ExitCode::Inconclusive, failure.detail.clone()),
        },
        Retrieval::Skipped(skipped) => (
            ExitCode::Inconclusive,
            format!("it was not asked for ({skipped:?})"),
        ),
    };
    output::stderr(&format!("error: {reference} could not be fetched: {why}\n"));
    Some(code)
}

/// The nodes of one platform; `None` if there is none.
fn narrowed<'a>(evidence: &'a Evidence, platform: &Platform) -> Option<Vec<&'a Node>> {
    let nodes: Vec<&Node> = evidence
        .nodes()
        .into_iter()
        .filter(|node| !matches!(node.body, Body::Index(..)) && !node.is_attestation())
        .filter(|node| node.platform().is_some_and(|own| own.is_same(platform)))
        .collect();
    (!nodes.is_empty()).then_some(nodes)
}

/// The exact bytes of the document, nothing added.
fn raw(nodes: &[&Node]) -> Result<(), CliError> {
    let document = nodes.first().and_then(|node| node.document());
    let bytes = document
        .map(polyarch_core::oci::Document::bytes)
        .unwrap_or_default();
    let mut stream = std::io::stdout().lock();
    match stream.write_all(bytes).and_then(|()| stream.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::Stdout(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn as_client(
    client: &Client,
    name: &str,
    evidence: &Evidence,
    format: InspectFormat,
) -> Result<ExitCode, CliError> {
    let pull = pull(client, evidence);
    if let (InspectFormat::Raw, Pull::Gets { node, .. } | Pull::GetsWrong { node, .. }) =
        (format, &pull)
    {
        raw(&[node])?;
        return Ok(ExitCode::Pass);
    }
    let text = match format {
        InspectFormat::Json => tree::pull_json(client, name, &pull),
        InspectFormat::Human | InspectFormat::Raw => tree::pull_human(client, name, &pull),
    };
    output::stdout(&text)?;
    Ok(match pull {
        Pull::Gets { .. } => ExitCode::Pass,
        Pull::GetsWrong { .. } | Pull::Error { .. } => ExitCode::Failed,
        Pull::Unknown => ExitCode::Inconclusive,
    })
}
