//! The playground's files, embedded from `dist/` when the binary was built.
//!
//! Files with a hash in their name never change and are kept for good; the rest is asked for again.

use std::borrow::Cow;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Response, StatusCode};
use polyarch_core::digest::Digest;
use rust_embed::{Embed, EmbeddedFile};

use super::body::{self, Body};
use super::plain;

#[derive(Embed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Files;

/// The embedded page and the policy under which browsers run it.
#[derive(Debug)]
pub(super) struct Page {
    policy: Option<HeaderValue>,
}

const WITHOUT_PAGE: &str = "This polyarch was built without the page.\n\
    Build the page first (`make play` does all of it), then the binary.\n";

impl Page {
    /// Looks at the embedded files once.
    pub(super) fn embedded() -> Self {
        let policy = Files::get("index.html").map(|index| policy(&index.data));
        Self {
            policy: policy.and_then(|text| HeaderValue::from_str(&text).ok()),
        }
    }

    /// Whether the binary was built without it.
    pub(super) fn is_missing(&self) -> bool {
        self.policy.is_none()
    }

    /// A file, or the page itself for an address within it.
    pub(super) fn answer(&self, method: &Method, path: &str, asked: &HeaderMap) -> Response<Body> {
        let Some(policy) = &self.policy else {
            return plain(StatusCode::NOT_FOUND, WITHOUT_PAGE);
        };
        let mut name = path.trim_start_matches('/');
        let is_page = name.is_empty() || !name.contains('.');
        if is_page {
            name = "index.html";
        }
        let Some((file, encoding)) = best(name, asked) else {
            return plain(StatusCode::NOT_FOUND, "there is no such file\n");
        };
        let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()));
        let known = asked.get(header::IF_NONE_MATCH);
        let is_known = known.is_some_and(|known| known.as_bytes() == tag.as_bytes());
        let is_head = *method == Method::HEAD;
        let length = file.data.len();
        let mut response = Response::new(match file.data {
            _ if is_known || is_head => body::whole(Vec::new()),
            Cow::Borrowed(bytes) => body::whole(bytes),
            Cow::Owned(bytes) => body::whole(bytes),
        });
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        if !is_known {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(media_type(name)),
        );
        headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static(caching(name)),
        );
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}

/// The smallest form of a file that the browser takes.
fn best(name: &str, asked: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let takes = |encoding: &str| {
        accepted.split(',').any(|one| {
            let (name, parameters) = one.split_once(';').unwrap_or((one, ""));
            name.trim().eq_ignore_ascii_case(encoding) && !parameters.trim().starts_with("q=0")
        })
    };
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        if takes(encoding)
            && let Some(file) = Files::get(&format!("{name}.{ending}"))
        {
            return Some((file, Some(encoding)));
        }
    }
    Files::get(name).map(|file| (file, None))
}

/// Only files of this origin; WebAssembly may be compiled; inline scripts only with the very text
/// that the page was built with.
fn policy(index: &[u8]) -> String {
    let mut scripts = String::new();
    for script in inline_scripts(&String::from_utf8_lossy(index)) {
        let _ = write!(scripts, " 'sha256-{}'", sha256_base64(script.as_bytes()));
    }
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; worker-src 'self' blob:; \
         style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// The texts between `<script …>` and `</script>` of scripts without `src`.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("<script") {
        let Some((attributes, after)) = after.split_once('>') else {
            break;
        };
        let Some((text, after)) = after.split_once("</script>") else {
            break;
        };
        if !attributes.contains("src=") {
            scripts.push(text);
        }
        rest = after;
    }
    scripts
}

fn sha256_base64(bytes: &[u8]) -> String {
    let digest = Digest::sha256(bytes);
    let hex = digest.encoded();
    // Pairs of hexadecimal digits, which is what an encoded digest is.
    let raw: Vec<u8> = (0..hex.len() / 2)
        .filter_map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok())
        .collect();
    STANDARD.encode(raw)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Trunk puts a hash of sixteen digits behind the names of what it builds.
fn caching(name: &str) -> &'static str {
    let is_hashed = name
        .split(['-', '.', '_', '/'])
        .any(|part| part.len() == 16 && part.bytes().all(|b| b.is_ascii_hexdigit()));
    if is_hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash_alone() {
        let html = "<script src=\"a.js\"></script><script type=\"module\">go()</script>";
        let policy = policy(html.as_bytes());
        assert_eq!(
            sha256_base64(b""),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
        let expected = format!("'sha256-{}'", sha256_base64(b"go()"));
        assert!(policy.contains(&expected), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 1, "{policy}");
        assert!(!policy.contains("script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'"));
    }

    #[test]
    fn built_files_are_kept_and_the_page_is_not() {
        assert!(caching("frontend-0123456789abcdef_bg.wasm").contains("immutable"));
        assert_eq!(caching("index.html"), "no-cache");
        assert_eq!(media_type("a/b-1.wasm"), "application/wasm");
    }
}
