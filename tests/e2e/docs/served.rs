//! The documents as `polyarch serve` shows them: every page is reached, every link and anchor is
//! there, and nothing is in a page that its policy forbids.

use std::collections::{BTreeMap, BTreeSet};

use crate::options::Demo;
use crate::tree::sources;

struct Page {
    status: u16,
    kind: String,
    policy: String,
    text: String,
}

#[test]
fn every_page_is_reached_and_every_link_of_it_leads_somewhere() {
    let demo = Demo::start();
    let pages = crawl(&demo.host);
    for document in sources(&["docs"], ".md") {
        let name = document.path["docs/".len()..].trim_end_matches(".md");
        let name = if name == "index" { "" } else { name };
        assert!(pages.contains_key(name), "{name} is not reached");
    }
    for (name, page) in &pages {
        assert_eq!(page.status, 200, "/docs/{name}");
        if !page.kind.starts_with("text/html") {
            continue;
        }
        assert!(page.policy.contains("default-src 'none'"), "{name}");
        for forbidden in ["<style", " style=", "<script>", " onclick=", "<img"] {
            assert!(!page.text.contains(forbidden), "{name}: {forbidden}");
        }
        for link in attributes(&page.text, "href") {
            let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if target.is_empty() {
                name
            } else {
                local(target).unwrap_or("")
            };
            let is_there = anchor.is_empty()
                || link.starts_with("https://")
                || attributes(&pages[target].text, "id").any(|id| id == anchor);
            assert!(is_there, "/docs/{name}: {link}");
        }
    }
}

#[test]
fn other_addresses_say_that_there_is_no_page() {
    let demo = Demo::start();
    for path in [
        "nothing",
        "rules.md",
        "../Cargo.toml",
        "..%2fCargo.toml",
        "%2e%2e/x",
        "start/",
    ] {
        let page = get(&demo.host, path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text.contains("href=\"./\""), "{path}: no way back");
    }
    let folder = ureq::Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .build();
    let folder = ureq::Agent::from(folder).get(format!("http://{}/docs", demo.host));
    let answer = folder.call().expect("an answer");
    assert_eq!(answer.status(), 308);
    assert_eq!(answer.headers()["location"], "/docs/");
}

/// Every page and file from the first on.
fn crawl(host: &str) -> BTreeMap<String, Page> {
    let mut pages = BTreeMap::new();
    let mut next = BTreeSet::from([String::new()]);
    while let Some(name) = next.pop_first() {
        let page = get(host, &name);
        let links = attributes(&page.text, "href").chain(attributes(&page.text, "src"));
        for link in links {
            let target = link.split('#').next().unwrap_or_default();
            if let Some(target) = local(target)
                && !pages.contains_key(target)
                && target != name
            {
                next.insert(target.to_owned());
            }
        }
        pages.insert(name, page);
    }
    pages
}

/// The name under `/docs/` that a link from there means; nothing for other places.
fn local(link: &str) -> Option<&str> {
    match link {
        "" | "../" | "data:," => None,
        "./" => Some(""),
        _ if link.starts_with("https://") => None,
        _ => {
            assert!(!link.contains(['/', ':']), "{link} leads out of /docs/");
            Some(link)
        }
    }
}

fn get(host: &str, name: &str) -> Page {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let answer = agent.get(format!("http://{host}/docs/{name}")).call();
    let mut answer = answer.unwrap_or_else(|error| panic!("{name}: {error}"));
    let header = |name: &str| {
        let value = answer.headers().get(name);
        value
            .map_or("", |value| value.to_str().expect("ASCII"))
            .to_owned()
    };
    Page {
        status: answer.status().as_u16(),
        kind: header("content-type"),
        policy: header("content-security-policy"),
        text: answer.body_mut().read_to_string().expect("UTF-8"),
    }
}

/// The values of an attribute, in the order of the text.
fn attributes<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {name}=\"");
    html.split('<').filter_map(move |tag| {
        let tag = tag.split('>').next()?;
        let (_, value) = tag.split_once(&start)?;
        value.split('"').next()
    })
}
