//! One platform's config and manifest.

use std::collections::BTreeMap;

use super::docker_push::docker_push_manifest;
use super::known::PlatformFacts;
use super::{Document, Exporter, Kind, Writer, generation};
use crate::bases;
use crate::build::{BuiltImage, PlatformOutcome};
use crate::oci::media_type;
use crate::oci::write::{ContainerConfig, Healthcheck, History, ImageConfig, Manifest, RootFs};

/// The time of everything whose time is not known; as long as the times that BuildKit writes.
const INVENTED_TIME: &str = "2026-01-01T00:00:00.123456789Z";
/// `--cache-to type=inline` without known records.
const INVENTED_CACHE: &str = "cG9seWFyY2g6IG5vdCBrbm93bg==";

impl Exporter<'_> {
    /// Manifest and config of one platform.
    pub(super) fn image(
        &self,
        platform: &PlatformOutcome,
        image: &BuiltImage,
        annotations: BTreeMap<String, String>,
    ) -> (Document, Document) {
        let known = self.known.of(&image.platform);
        let layers = self.layers(platform, image, known);
        let (history, times_known) = history(image, known, layers.diff_ids.len());
        let last = history.iter().rev().find_map(|entry| entry.created.clone());
        let created = known.and_then(|facts| facts.created.clone());
        let cache = known.and_then(|facts| facts.inline_cache.clone());
        let cache_known = !self.export.inline_cache || cache.is_some();
        let config = ImageConfig {
            author: image.author.clone(),
            config: container(&image.config),
            created: created.or(last),
            history,
            inline_cache: cache.or_else(|| {
                let wanted = self.export.inline_cache;
                wanted.then(|| INVENTED_CACHE.to_owned())
            }),
            rootfs: RootFs::of(layers.diff_ids),
            ..ImageConfig::for_platform(&image.platform)
        };
        let oci = self.export.oci_types;
        let (manifest_type, config_type) = if oci {
            (media_type::OCI_MANIFEST, media_type::OCI_CONFIG)
        } else {
            (media_type::DOCKER_MANIFEST, media_type::DOCKER_CONFIG)
        };
        let recorded = generation::has_build_info(self.export.buildkit);
        let is_known =
            image.exact && times_known && cache_known && layers.diff_ids_known && !recorded;
        let about = Some(&image.platform);
        let bytes = generation::config_bytes(&config, self.export.buildkit);
        let config = Document::new(Kind::Config, about, config_type, bytes).simulated_if(!is_known);
        let named = config.descriptor();
        let mut manifest = Manifest::new(manifest_type, named, layers.descriptors);
        manifest.annotations = annotations;
        let bytes = match self.export.writer {
            Writer::BuildKit => self.bytes(&manifest),
            Writer::DockerPush => docker_push_manifest(&manifest),
        };
        let manifest = Document::new(Kind::Manifest, about, manifest_type, bytes)
            .simulated_if(!is_known || !layers.descriptors_known);
        (manifest, config)
    }
}

/// The history with times, and whether they all are a build's own. It has as many entries with a
/// layer as there are layers.
fn history(
    image: &BuiltImage,
    known: Option<&PlatformFacts>,
    layers: usize,
) -> (Vec<History>, bool) {
    let times = known.and_then(|facts| facts.history_created.as_ref());
    let times = times.filter(|times| times.len() == image.history.len());
    let mut all_known = true;
    let mut history: Vec<History> = Vec::new();
    for (at, entry) in image.history.iter().enumerate() {
        let created = match times {
            Some(times) => times.get(at).cloned().flatten(),
            None => Some(entry.created.clone().unwrap_or_else(|| {
                all_known = false;
                INVENTED_TIME.to_owned()
            })),
        };
        history.push(History {
            created,
            created_by: entry.created_by.clone(),
            author: entry.author.clone(),
            comment: entry.comment.clone(),
            empty_layer: entry.empty_layer,
        });
    }
    let counted = history.iter().filter(|entry| !entry.empty_layer).count();
    for _ in counted..layers {
        // The exporter does the same for layers that an image's history does not tell of.
        all_known = false;
        let entry = History {
            created: Some(INVENTED_TIME.to_owned()),
            created_by: "layer of the base image".to_owned(),
            comment: "buildkit.exporter.image.v0".to_owned(),
            ..History::default()
        };
        history.insert(image.base_history, entry);
    }
    (history, all_known)
}

fn container(config: &bases::ContainerConfig) -> ContainerConfig {
    let bases::ContainerConfig {
        user,
        exposed_ports,
        env,
        entrypoint,
        cmd,
        volumes,
        working_dir,
        labels,
        stop_signal,
        args_escaped,
        healthcheck,
        on_build,
        shell,
    } = config.clone();
    ContainerConfig {
        user,
        exposed_ports,
        env,
        entrypoint,
        cmd,
        volumes,
        working_dir,
        labels,
        stop_signal,
        args_escaped,
        healthcheck: healthcheck.map(|check| Healthcheck {
            test: check.test,
            interval: check.interval,
            timeout: check.timeout,
            start_period: check.start_period,
            start_interval: check.start_interval,
            retries: check.retries,
        }),
        on_build,
        shell,
    }
}
