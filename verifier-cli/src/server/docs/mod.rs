//! The documents of `docs/` as pages under `/docs/`, in the playground's colours.
//!
//! They are compiled in and found by their whole name, so no address leads to any other file.
//! Nothing here knows what the documents say.

mod frame;
mod render;

use hyper::header::{self, HeaderValue};
use hyper::{Method, Response, StatusCode};
use rust_embed::Embed;

use super::body::{self, Body};

#[derive(Embed)]
#[folder = "../docs"]
struct Documents;

/// Documents of the root, which readers of the others are sent to. The README is for forges; the
/// first page is `index`.
const OF_THE_ROOT: [(&str, &str); 3] = [
    ("ARCHITECTURE", include_str!("../../../../ARCHITECTURE.md")),
    ("CONTRIBUTING", include_str!("../../../../CONTRIBUTING.md")),
    ("CHANGELOG", include_str!("../../../../CHANGELOG.md")),
];

/// Files beside the pages: name, media type, text.
const FILES: [(&str, &str, &[&str]); 3] = [
    (
        "style.css",
        "text/css; charset=utf-8",
        &[
            include_str!("../../../../frontend/styles/tokens.css"),
            include_str!("../../../../frontend/styles/base.css"),
            include_str!("../../../../frontend/styles/docs.css"),
        ],
    ),
    (
        "theme.js",
        "text/javascript; charset=utf-8",
        &[include_str!("theme.js")],
    ),
    (
        "report.schema.json",
        "application/schema+json",
        &[include_str!("../../output/report.schema.json")],
    ),
];

/// Nothing but this server's style sheet and the script that reads the chosen theme.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What lies at a path below `/docs`; `rest` is what follows it: empty, or from the slash on.
pub(super) fn answer(method: &Method, rest: &str) -> Response<Body> {
    let (status, kind, text) = match rest.strip_prefix('/') {
        // Links are relative to the folder, so its address must end with a slash.
        None => return moved(),
        Some(name) => found(if name.is_empty() { "index" } else { name }),
    };
    let length = text.len();
    let is_head = *method == Method::HEAD;
    let mut response = Response::new(body::whole(if is_head { Vec::new() } else { text.into() }));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    response
}

/// Status, media type and text of a page or file.
fn found(name: &str) -> (StatusCode, &'static str, String) {
    const HTML: &str = "text/html; charset=utf-8";
    if let Some((_, kind, parts)) = FILES.iter().find(|(file, ..)| *file == name) {
        return (StatusCode::OK, kind, parts.concat());
    }
    match document(name) {
        Some(text) => (StatusCode::OK, HTML, frame::page(name, &text)),
        None => (StatusCode::NOT_FOUND, HTML, frame::missing()),
    }
}

/// The markdown of a page.
fn document(name: &str) -> Option<String> {
    if let Some((_, text)) = OF_THE_ROOT.iter().find(|(known, _)| *known == name) {
        return Some((*text).to_owned());
    }
    // Compared with every name rather than opened: a build for debugging could read the disk.
    let file = Documents::iter().find(|file| file.strip_suffix(".md") == Some(name))?;
    let bytes = Documents::get(&file)?.data;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether `/docs/NAME` is a page or a file.
fn is_served(name: &str) -> bool {
    FILES.iter().any(|(file, ..)| *file == name) || document(name).is_some()
}

fn moved() -> Response<Body> {
    let mut response = super::plain(StatusCode::PERMANENT_REDIRECT, "the documents: /docs/\n");
    response
        .headers_mut()
        .insert(header::LOCATION, HeaderValue::from_static("/docs/"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_lead_to_a_page() {
        for name in ["index", "rules", "CHANGELOG", "style.css"] {
            assert_eq!(found(name).0, StatusCode::OK, "{name}");
        }
        for name in [
            "rules.md",
            "../README.md",
            "../README",
            "%2e%2e/README",
            "./rules",
            "/rules",
            "rules/",
            "rules\0",
            "README",
            "README.md",
            "mod.rs",
            "<script>",
        ] {
            let (status, _, text) = found(name);
            assert_eq!(status, StatusCode::NOT_FOUND, "{name}");
            assert!(text.contains("href=\"./\""), "{name}: no way back");
            assert!(!text.contains("<script>"), "{name} is repeated");
        }
    }

    #[test]
    fn every_document_is_in_the_contents_once() {
        for file in Documents::iter() {
            // Pictures are for forges.
            let Some(name) = file.strip_suffix(".md") else {
                continue;
            };
            let count = frame::CONTENTS
                .iter()
                .flat_map(|(_, names)| *names)
                .filter(|listed| **listed == name)
                .count();
            assert_eq!(count, usize::from(name != "index"), "{name}");
        }
        for name in frame::CONTENTS.iter().flat_map(|(_, names)| *names) {
            assert!(document(name).is_some(), "{name}");
        }
    }
}
