//! Starts a builder's container: `[internal] booting buildkit`.
//!
//! Texts: buildx `driver/docker-container`, and the daemons' answers in the issues that the rules
//! name.

use super::build_log::Log;
use crate::ci::shell::Shell;
use crate::ci::world::{Builder, Service};
use crate::environment::{Driver, Version};
use crate::reference::DOCKER_HUB;

/// The image that buildx starts where no option names one.
const IMAGE: &str = "moby/buildkit:buildx-stable-1";

/// What Docker Hub answers once the limit is reached.
const LIMIT: &str = "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit";

/// Starts a builder if it does not run yet; an error leaves buildx's words in the log.
pub(in crate::ci) fn boot(
    shell: &mut Shell<'_, '_>,
    name: &str,
    log: &mut Log,
    version: Version,
) -> Result<(), i32> {
    let Some(builder) = shell.world.builders.get(name).cloned() else {
        return Err(1);
    };
    if builder.booted {
        return Ok(());
    }
    if builder.driver == Driver::DockerContainer {
        start_container(shell, &builder, log, version)?;
    }
    let binfmt = shell.world.binfmt.clone();
    if let Some(builder) = shell.world.builders.get_mut(name) {
        builder.booted = true;
        builder.booted_binfmt = binfmt;
    }
    shell.world.change();
    Ok(())
}

fn start_container(
    shell: &mut Shell<'_, '_>,
    builder: &Builder,
    log: &mut Log,
    version: Version,
) -> Result<(), i32> {
    let image = builder.image.as_deref().unwrap_or(IMAGE);
    let node = builder.nodes.first();
    let container = format!(
        "buildx_buildkit_{}",
        node.map_or(builder.name.as_str(), |n| n.name.as_str())
    );
    let pulling = format!("pulling image {image}");
    if let Some(error) = refused(shell, image) {
        let title = "[internal] booting buildkit";
        let mut lines = vec![pulling];
        if !error.contains("toomanyrequests") {
            lines.push(format!("{} 2.4s done", lines[0]));
            lines.push(format!("creating container {container}"));
        }
        log.broken(title, &lines, &error, 2.9);
        log.text.push_str(&format!("------\n > {title}:\n------\n"));
        log.text
            .push_str(&super::build_checks::failed(version, &error));
        super::build::pass(shell, log);
        return Err(1);
    }
    log.vertex(
        "[internal] booting buildkit",
        &[
            pulling.clone(),
            format!("{pulling} 2.4s done"),
            format!("creating container {container}"),
            format!("creating container {container} 0.5s done"),
        ],
        2.9,
    );
    super::build::pass(shell, log);
    Ok(())
}

/// The daemon's answer if it does not give the builder its image or its rights.
fn refused(shell: &mut Shell<'_, '_>, image: &str) -> Option<String> {
    let world = &mut *shell.world;
    let first = image.split('/').next().unwrap_or_default();
    let from_hub = !first.contains(['.', ':']) || first == DOCKER_HUB;
    if from_hub && !world.credentials.contains_key(DOCKER_HUB) {
        let is_reached = world.settings.hub_limit;
        // GitHub's own runners are exempt from the limit.
        if is_reached || world.service == Service::GitLab {
            world.note_facts(
                "boot-pull-rate-limit",
                format!("the builder is started from {image} before the job logs in to Docker Hub"),
                &[
                    ("image", image),
                    ("struck", if is_reached { "yes" } else { "no" }),
                ],
            );
        }
        if is_reached {
            return Some(format!("Error response from daemon: {LIMIT}"));
        }
    }
    if !world.settings.privileged_containers {
        world.note(
            "bitbucket-no-privileged",
            "the daemon starts no privileged containers, and the builder is one",
        );
        return Some("Error response from daemon: authorization denied by plugin pipelines: --privileged=true is not allowed".to_owned());
    }
    None
}
