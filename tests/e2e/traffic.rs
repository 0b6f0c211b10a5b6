//! How much a verification asks of a registry, counted on the wire.

use std::collections::BTreeSet;

use crate::real::image::{Built, Format};
use crate::real::layout::Layout;
use crate::real::polyarch::polyarch;
use crate::real::proxy::Proxy;
use crate::real::registry::Registry;

#[test]
fn metadata_takes_three_round_trips_and_not_one_request_too_many() {
    let registry = Registry::start();
    Built::usual().push(&registry.reference("team/app:1"), Format::Oci);
    let proxy = Proxy::before(&registry.host);

    let reference = format!("{}/team/app:1", proxy.host);
    let run = polyarch(["verify", "--format", "json", &reference]);
    assert_eq!(run.code, Some(0), "{run:?}");

    let exchanges = proxy.exchanges();
    let count = |method: &str, part: &str| {
        let of = |path: &str| path.contains(part);
        exchanges
            .iter()
            .filter(|one| one.method == method && of(&one.path))
            .count()
    };
    let (platforms, layers) = (2, unique_layers(&registry));
    assert_eq!(layers, 3, "one shared layer and one each");
    assert_eq!(count("HEAD", "/blobs/"), layers, "{exchanges:#?}");
    assert_eq!(
        count("GET", "/blobs/"),
        platforms,
        "configs: {exchanges:#?}"
    );
    assert_eq!(
        count("GET", "/manifests/sha256:"),
        platforms,
        "{exchanges:#?}"
    );
    // The tag is asked for at the start and, to see whether it moved, at the end.
    let tag = exchanges
        .iter()
        .filter(|one| one.path.ends_with("/manifests/1"))
        .count();
    assert_eq!(tag, 2, "{exchanges:#?}");
    assert_eq!(
        exchanges.len(),
        1 + platforms + platforms + layers + 1,
        "{exchanges:#?}"
    );
    assert_eq!(run.json()["results"][0]["requests"], exchanges.len());
    assert!(
        proxy.round_trips() <= 3,
        "{} round trips: {exchanges:#?}",
        proxy.round_trips()
    );
}

/// One request for the index, one for each platform and each attestation, one for each platform's
/// config, one for each layer and statement, and the tag once more.
#[test]
fn attestations_cost_one_request_each_and_one_for_what_they_state() {
    let registry = Registry::start();
    let layout = Layout::of_demo("image linux/amd64 linux/arm64\nattest");
    layout.push(&registry.reference("team/app:1"));
    let proxy = Proxy::before(&registry.host);

    let reference = format!("{}/team/app:1", proxy.host);
    let run = polyarch(["verify", "--format", "json", &reference]);
    assert_eq!(run.code, Some(0), "{run:?}");

    let index = registry.document("team/app", "1");
    let entries = index["manifests"].as_array().expect("an index");
    let (platforms, attestations) = (2, 2);
    assert_eq!(entries.len(), platforms + attestations, "{index}");
    let mut layers = BTreeSet::new();
    for entry in entries {
        let digest = entry["digest"].as_str().expect("a digest");
        let manifest = registry.document("team/app", digest);
        for layer in manifest["layers"].as_array().expect("layers") {
            layers.insert(layer["digest"].to_string());
        }
    }
    let expected = 1 + (platforms + attestations) + platforms + layers.len() + 1;
    let exchanges = proxy.exchanges();
    assert_eq!(exchanges.len(), expected, "{exchanges:#?}");
    assert_eq!(run.json()["results"][0]["requests"], expected);
    let again: BTreeSet<_> = exchanges
        .iter()
        .map(|one| (&one.method, &one.path))
        .collect();
    assert_eq!(
        again.len(),
        expected,
        "something was asked for twice: {exchanges:#?}"
    );
    assert!(proxy.round_trips() <= 3, "{exchanges:#?}");
}

fn unique_layers(registry: &Registry) -> usize {
    let digests = ["amd64", "arm64"].map(|architecture| {
        let child = registry.child("team/app", "1", architecture);
        let manifest = registry.document("team/app", &child);
        let layers = manifest["layers"].as_array().expect("layers").clone();
        layers
            .into_iter()
            .map(|layer| layer["digest"].to_string())
            .collect::<Vec<_>>()
    });
    digests.concat().into_iter().collect::<BTreeSet<_>>().len()
}
