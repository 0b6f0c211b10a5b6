//! The scenarios and lessons that the page has: the first ones at once, the rest when they came.

use std::collections::BTreeSet;
use std::rc::Rc;

use gloo_net::http::Request;
use polyarch_core::scenarios::{self, FIRST, Lesson, Library, Scenario};

use crate::browser::storage;

/// Where the texts lie beside the page; Trunk.toml puts them there.
const TEXTS: &str = "scenarios.txt";

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shelf {
    pub(crate) library: Rc<Library>,
    pub(crate) state: Fetched,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fetched {
    Waiting,
    Whole,
    Failed,
}

impl Shelf {
    /// What needs no request.
    pub(crate) fn first() -> Self {
        let library = scenarios::read(&FIRST.join("\n")).unwrap_or_default();
        Self {
            library: Rc::new(library),
            state: Fetched::Waiting,
        }
    }

    /// Everything, from the server that the page came from.
    pub(crate) async fn fetch() -> Self {
        let read = async {
            let response = Request::get(TEXTS).send().await.ok()?;
            let text = response.text().await.ok()?;
            // A server that answers any address with the page gives no scenario.
            let library = scenarios::read(&text).ok()?;
            (!library.scenarios.is_empty()).then_some(library)
        };
        match read.await {
            Some(library) => Self {
                library: Rc::new(library),
                state: Fetched::Whole,
            },
            None => Self {
                state: Fetched::Failed,
                ..Self::first()
            },
        }
    }

    pub(crate) fn scenario(&self, name: &str) -> Option<Rc<Scenario>> {
        let mut all = self.library.scenarios.iter();
        all.find(|one| one.name == name).cloned().map(Rc::new)
    }

    pub(crate) fn lesson(&self, name: &str) -> Option<&Lesson> {
        self.library.lessons.iter().find(|one| one.name == name)
    }
}

/// Names of the scenarios that were opened in this browser.
pub(crate) fn seen() -> BTreeSet<String> {
    let text = storage::read(storage::SEEN).unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}

pub(crate) fn mark_seen(name: &str) {
    let mut all = seen();
    if all.insert(name.to_owned()) {
        let names: Vec<String> = all.into_iter().collect();
        storage::write(storage::SEEN, &names.join(" "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_visit_has_something_to_show_without_a_request() {
        let shelf = Shelf::first();
        let names: Vec<&str> = shelf
            .library
            .scenarios
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(names, ["job-docker-hub", "job-ecr"]);
        assert!(shelf.scenario("job-ecr").is_some());
        assert!(shelf.scenario("goarch-forgotten").is_none());
    }
}
