//! Round trips, counted without a clock: the server answers none of a wave's requests before all
//! of them have come. A gate that asked one after the other would wait for ever.

use std::sync::{Arc, Barrier};

use polyarch_core::demo::Recipe;

use super::script::{Action, Login, Step, on};
use super::server::FaultServer;
use crate::real::polyarch::polyarch;

/// Each step: how many requests of that kind one wave has.
fn verified_in_waves(login: Login, waves: Vec<Step>) -> FaultServer {
    let recipe = Recipe::parse("image linux/amd64 linux/arm64").expect("a recipe");
    let server = FaultServer::start("127.0.0.1", recipe.build(), login);
    server.play(waves);
    let reference = format!("{}/demo:example", server.host);
    let run = polyarch(["verify", "--retries=0", "--timeout=20s", &reference]);
    assert_eq!(run.code, Some(0), "{run:?}\n{:#?}", server.log());
    server
}

fn together(count: usize) -> Action {
    Action::Together(Arc::new(Barrier::new(count)))
}

/// Two manifests; then two configs, the heads of three layers, and the tag once more.
fn after_the_index() -> Vec<Step> {
    let last = together(6);
    vec![
        on("GET", "/manifests/sha256:", together(2)),
        on("*", "/blobs/", last.clone()),
        on("HEAD", "/manifests/example", last),
    ]
}

#[test]
fn a_tag_costs_three_round_trips() {
    let server = verified_in_waves(Login::None, after_the_index());
    assert_eq!(server.log().len(), 1 + 2 + 6, "{:#?}", server.log());
}

#[test]
fn a_token_costs_two_more() {
    let login = Login::Bearer { anonymous: true };
    let server = verified_in_waves(login, after_the_index());
    let log = server.log();
    assert_eq!(log.len(), 1 + 1 + 1 + 2 + 6, "{log:#?}");
    // The tag, refused; the token; the tag, and never a refusal again.
    let paths: Vec<&str> = log.iter().map(|seen| seen.path.as_str()).collect();
    assert_eq!(paths[0], "/v2/demo/manifests/example");
    assert!(paths[1].starts_with("/token?"), "{log:#?}");
    assert_eq!(paths[2], "/v2/demo/manifests/example");
    let without = |seen: &&super::server::Seen| seen.header("authorization").is_none();
    assert_eq!(log.iter().filter(without).count(), 2, "{log:#?}");
}
