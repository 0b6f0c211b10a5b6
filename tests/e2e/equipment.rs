//! The test equipment itself: what the other tests rely on is so.

use crate::real::image::{Built, Format};
use crate::real::layout::Layout;
use crate::real::proxy::Proxy;
use crate::real::registry::Registry;

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

#[test]
fn buildah_pushes_both_formats_with_a_shared_layer() {
    let registry = Registry::start();
    let image = Built::usual();
    for (format, tag, index, manifest) in [
        (
            Format::Oci,
            "oci",
            INDEX,
            "application/vnd.oci.image.manifest.v1+json",
        ),
        (
            Format::Docker,
            "docker",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.docker.distribution.manifest.v2+json",
        ),
    ] {
        image.push(&registry.reference(&format!("team/app:{tag}")), format);
        assert_eq!(registry.manifest("team/app", tag).1, index);
        let children = ["amd64", "arm64"].map(|architecture| {
            let digest = registry.child("team/app", tag, architecture);
            assert_eq!(registry.manifest("team/app", &digest).1, manifest);
            registry.document("team/app", &digest)
        });
        assert_eq!(
            children[0]["layers"][0], children[1]["layers"][0],
            "one shared layer"
        );
        assert_ne!(
            children[0]["layers"][1], children[1]["layers"][1],
            "one layer each"
        );
    }
}

#[test]
fn a_tag_can_lose_a_platform_or_a_child() {
    let registry = Registry::start();
    Built::usual().push(&registry.reference("team/app:1"), Format::Oci);
    registry.tag_without("team/app", "1", "half", "arm64");
    assert_eq!(
        registry.document("team/app", "half")["manifests"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let child = registry.child("team/app", "1", "arm64");
    assert!(registry.stored(&child).is_file());
    registry.delete_manifest("team/app", &child);
    let index = registry.document("team/app", "1");
    assert_eq!(
        index["manifests"].as_array().unwrap().len(),
        2,
        "the index still names it"
    );
}

#[test]
fn a_flipped_bit_changes_the_digest_and_not_the_size() {
    let registry = Registry::start();
    Built::usual().push(&registry.reference("team/app:1"), Format::Oci);
    let layout = Layout::copy_of(&registry.reference("team/app:1"));
    let index = layout.index_digest();
    let before = std::fs::read(layout.blob(&index)).unwrap();
    layout.flip(&index, 40);
    let after = std::fs::read(layout.blob(&index)).unwrap();
    assert_eq!(before.len(), after.len());
    assert_eq!(before.iter().zip(&after).filter(|(a, b)| a != b).count(), 1);
}

#[test]
fn the_proxy_counts_requests_and_round_trips() {
    let registry = Registry::start();
    Built::usual().push(&registry.reference("team/app:1"), Format::Oci);
    let proxy = Proxy::before(&registry.host);
    let get = |tag: &str| {
        let url = format!("http://{}/v2/team/app/manifests/{tag}", proxy.host);
        ureq::get(url)
            .header("Accept", INDEX)
            .call()
            .unwrap()
            .status()
    };
    assert_eq!(get("1"), 200);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert_eq!(get("1"), 200));
        }
    });
    assert_eq!(proxy.exchanges().len(), 4);
    assert_eq!(proxy.round_trips(), 2, "one alone, then three together");
    assert_eq!(proxy.exchanges()[0].method, "GET");
    assert_eq!(proxy.exchanges()[0].path, "/v2/team/app/manifests/1");
}
