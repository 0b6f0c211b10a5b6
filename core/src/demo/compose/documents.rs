//! Configs, manifests, attestations and the index of a demo image.

use std::collections::BTreeMap;

use super::content::PROGRAM;
use super::{Composer, Store};
use crate::demo::recipe::{AttestForm, Operation, Part};
use crate::digest::Digest;
use crate::oci::media_type;
use crate::oci::write::{
    ContainerConfig, Descriptor, History, IN_TOTO_MEDIA_TYPE, ImageConfig, Index, Manifest,
    PREDICATE_TYPE_ANNOTATION, RootFs, WirePlatform, attestation_descriptor, attestation_manifest,
};
use crate::platform::Platform;

/// When every demo image was made.
const CREATED: &str = "2026-01-02T03:04:05Z";
const PREDICATE_TYPE: &str = "https://slsa.dev/provenance/v1";

impl Composer<'_> {
    /// Stores everything; returns the digest of what the tag names.
    pub(super) fn root(&mut self) -> Digest {
        let images = self.images();
        let operations = &self.recipe.operations;
        if operations.contains(&Operation::Schema1) {
            return self.schema1();
        }
        let single = operations.iter().find_map(|operation| match operation {
            Operation::Single(platform) => images.iter().find(|(p, _)| p == platform),
            _ => None,
        });
        if let Some((_, manifest)) = single {
            return manifest.digest.clone();
        }
        let entries = self.entries(&images);
        let mut index = self.put(
            &Part::Index,
            Store::Manifests,
            self.types().index,
            Index::new(self.types().index, entries).to_bytes(),
        );
        if self.recipe.operations.contains(&Operation::Nest) {
            let types = self.types();
            let outer = Index::new(types.index, vec![index]).to_bytes();
            index = self.put(&Part::Tag, Store::Manifests, types.index, outer);
        }
        index.digest
    }

    /// Another index with the same images, for tags that move and comparisons that fail.
    pub(super) fn other(&mut self) -> Digest {
        let types = self.types();
        let images = self
            .images()
            .into_iter()
            .map(|(platform, manifest)| Descriptor::with_platform(manifest, &platform));
        let mut index = Index::new(types.index, images.collect());
        let note = (
            "org.opencontainers.image.version".to_owned(),
            "2".to_owned(),
        );
        index.annotations = BTreeMap::from([note]);
        let bytes = index.to_bytes();
        let digest = Digest::sha256(&bytes);
        let object = super::Object::new(types.index, bytes);
        self.repository.manifests.insert(digest.clone(), object);
        digest
    }

    /// Every platform's image, stored; the descriptors have no platform yet.
    fn images(&mut self) -> Vec<(Platform, Descriptor)> {
        let platforms: Vec<Platform> = self.recipe.images().cloned().collect();
        let build = |platform: Platform| {
            let manifest = self.image(&platform);
            (platform, manifest)
        };
        platforms.into_iter().map(build).collect()
    }

    fn image(&mut self, platform: &Platform) -> Descriptor {
        let types = self.types();
        let mut history = Vec::new();
        let mut diff_ids = Vec::new();
        let mut layers = Vec::new();
        for layer in self.layers(platform) {
            let packed = self.packed(&layer.tar);
            layers.push(match layer.part {
                Some(part) => self.put(&part, Store::Blobs, types.layer, packed),
                None => self.blob(types.layer, packed),
            });
            diff_ids.push(Digest::sha256(&layer.tar));
            history.push(entry(layer.created_by, false));
        }
        history.push(entry(format!("ENTRYPOINT [\"{PROGRAM}\"]"), true));
        let mut says = platform;
        for operation in &self.recipe.operations {
            match operation {
                Operation::ConfigSays { image, says: other } if image == platform => says = other,
                Operation::DiffIdsShort(image) if image == platform => {
                    diff_ids.pop();
                }
                Operation::DiffIdsWrong(image) if image == platform => {
                    diff_ids.pop();
                    diff_ids.push(Digest::sha256(b"another layer"));
                }
                _ => {}
            }
        }
        let config = ImageConfig {
            config: self.container(),
            created: Some(CREATED.to_owned()),
            history,
            rootfs: RootFs::of(diff_ids),
            ..ImageConfig::for_platform(says)
        };
        let config = self.put(
            &Part::Config(platform.clone()),
            Store::Blobs,
            types.config,
            config.to_bytes(),
        );
        let manifest = Manifest::new(types.manifest, config, layers).to_bytes();
        let part = Part::Manifest(platform.clone());
        self.put(&part, Store::Manifests, types.manifest, manifest)
    }

    fn container(&self) -> ContainerConfig {
        let title = format!("polyarch demo image {}", self.tag);
        ContainerConfig {
            env: vec![
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
            ],
            entrypoint: vec![PROGRAM.to_owned()],
            working_dir: "/".to_owned(),
            labels: BTreeMap::from([("org.opencontainers.image.title".to_owned(), title)]),
            ..ContainerConfig::default()
        }
    }

    /// The index's entries: images in order, then attestations, as BuildKit writes them.
    fn entries(&mut self, images: &[(Platform, Descriptor)]) -> Vec<Descriptor> {
        let operations = &self.recipe.operations;
        let mut entries = Vec::new();
        for (platform, manifest) in images {
            if operations.contains(&Operation::Drop(platform.clone())) {
                continue;
            }
            let entry = self.entry(platform, manifest, images);
            if operations.contains(&Operation::Duplicate(platform.clone())) {
                entries.push(entry.clone());
            }
            entries.push(entry);
        }
        if operations.contains(&Operation::EntryUnknown) {
            let unknown = images.first().map(|(_, manifest)| manifest.clone());
            entries.extend(unknown.map(|m| m.with_platform(&unknown_platform())));
        }
        let orphan = operations.contains(&Operation::OrphanAttestation);
        if let Some(form) = self.recipe.attest {
            for (platform, manifest) in images {
                if !operations.contains(&Operation::Drop(platform.clone())) {
                    let part = Part::Attestation(platform.clone());
                    entries.push(self.attestation(&part, form, manifest));
                }
            }
        }
        if orphan {
            let gone = Descriptor::of(self.types().manifest, b"an image that was replaced");
            let form = self.recipe.attest.unwrap_or(AttestForm::Artifact);
            // No platform's attestation, so no fault applies.
            let part = Part::Attestation(unknown_platform());
            entries.push(self.attestation(&part, form, &gone));
        }
        entries
    }

    fn entry(
        &self,
        platform: &Platform,
        manifest: &Descriptor,
        images: &[(Platform, Descriptor)],
    ) -> Descriptor {
        let mut entry = manifest.clone();
        let mut says = Some(platform);
        for operation in &self.recipe.operations {
            match operation {
                Operation::Same {
                    entry: of,
                    manifest_of,
                } if of == platform => {
                    let other = images.iter().find(|(platform, _)| platform == manifest_of);
                    if let Some((_, other)) = other {
                        entry = other.clone();
                    }
                }
                Operation::EntrySays {
                    entry: of,
                    says: other,
                } if of == platform => {
                    says = other.as_ref();
                }
                _ => {}
            }
        }
        entry.platform = says.map(WirePlatform::from);
        entry
    }

    fn attestation(&mut self, part: &Part, form: AttestForm, image: &Descriptor) -> Descriptor {
        let statement = serde_json::json!({
            "_type": "https://in-toto.io/Statement/v1",
            "predicateType": PREDICATE_TYPE,
            "subject": [{
                "name": format!("pkg:docker/demo@{}", self.tag),
                "digest": { image.digest.algorithm(): image.digest.encoded() },
            }],
            "predicate": {
                "buildDefinition": { "buildType": "https://polyarch.example/demo" },
                "runDetails": { "builder": { "id": "" } },
            },
        });
        let predicate = (
            PREDICATE_TYPE_ANNOTATION.to_owned(),
            PREDICATE_TYPE.to_owned(),
        );
        let descriptor = self
            .blob(IN_TOTO_MEDIA_TYPE, statement.to_string().into_bytes())
            .with_annotations(BTreeMap::from([predicate]));
        let (manifest, config) = attestation_manifest(form, image, vec![descriptor]);
        self.blob(&manifest.config.media_type, config);
        let manifest = manifest.to_bytes();
        let entry = attestation_descriptor(&manifest, &image.digest);
        let stored = self.put(part, Store::Manifests, media_type::OCI_MANIFEST, manifest);
        Descriptor {
            annotations: entry.annotations,
            platform: entry.platform,
            ..stored
        }
    }

    /// Stores a blob without faults.
    fn blob(&mut self, media_type: &str, content: Vec<u8>) -> Descriptor {
        let descriptor = Descriptor::of(media_type, &content);
        let object = super::Object::new(media_type, content);
        self.repository
            .blobs
            .insert(descriptor.digest.clone(), object);
        descriptor
    }

    /// A manifest as Docker's registries held them before 2016.
    fn schema1(&mut self) -> Digest {
        let document = serde_json::json!({
            "schemaVersion": 1,
            "name": "demo",
            "tag": self.tag,
            "architecture": "amd64",
            "fsLayers": [{ "blobSum": Digest::sha256(b"layer").as_str() }],
            "history": [{ "v1Compatibility": "{\"id\":\"1\",\"os\":\"linux\"}" }],
        });
        let bytes = document.to_string().into_bytes();
        let manifest = self.put(
            &Part::Index,
            Store::Manifests,
            media_type::DOCKER_SCHEMA1_SIGNED,
            bytes,
        );
        manifest.digest
    }
}

fn entry(created_by: String, empty_layer: bool) -> History {
    History {
        created: Some(CREATED.to_owned()),
        created_by,
        comment: "buildkit.dockerfile.v0".to_owned(),
        empty_layer,
        ..History::default()
    }
}

fn unknown_platform() -> Platform {
    Platform {
        os: "unknown".to_owned(),
        architecture: "unknown".to_owned(),
        ..Platform::default()
    }
}
