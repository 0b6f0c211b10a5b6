//! Who may ask, and what browsers may do with the answer.
//!
//! A page on another site can make a browser send requests here, and a name that it owns can be
//! made to lead here (DNS rebinding). On loopback, only loopback names are answered, and only the
//! own origin.

use std::net::SocketAddr;

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, Uri};

use super::body::Body;
use crate::registry::address;

/// Refuses what another site could have caused; the reason is for a person.
pub(super) fn check(headers: &HeaderMap, own: SocketAddr) -> Result<(), &'static str> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    if own.ip().is_loopback() && !is_loopback_host(host, own.port()) {
        return Err("this server answers to localhost, 127.0.0.1 and [::1] only\n");
    }
    if let Some(origin) = text(header::ORIGIN) {
        let is_own = origin.parse::<Uri>().ok().is_some_and(|origin| {
            origin
                .authority()
                .is_some_and(|a| a.as_str().eq_ignore_ascii_case(host))
        });
        if !is_own {
            return Err("this server answers to its own pages only\n");
        }
    }
    Ok(())
}

fn is_loopback_host(host: &str, port: u16) -> bool {
    let (name, given) = match host.rsplit_once(':') {
        Some((name, digits)) if !digits.ends_with(']') => (name, digits.parse().ok()),
        _ => (host, Some(80)),
    };
    given == Some(port) && address::is_loopback_host(name)
}

/// Headers that every answer gets.
pub(super) fn hardened(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_origin_on_loopback_is_answered() {
        let own: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        for (host, origin, expected) in [
            ("127.0.0.1:8080", None, true),
            ("localhost:8080", None, true),
            ("[::1]:8080", None, true),
            ("localhost:8080", Some("http://localhost:8080"), true),
            ("localhost:8080", Some("http://127.0.0.1:8080"), false),
            ("localhost:8080", Some("http://evil.example"), false),
            ("localhost:8080", Some("null"), false),
            ("localhost:9999", None, false),
            ("localhost", None, false),
            ("evil.example:8080", None, false),
            ("127.0.0.1.evil.example:8080", None, false),
            ("", None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(check(&headers, own).is_ok(), expected, "{host} {origin:?}");
        }
    }

    #[test]
    fn an_address_for_others_is_answered_under_any_name() {
        let own: SocketAddr = "0.0.0.0:8080".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("build.example:8080"));
        assert!(check(&headers, own).is_ok());
        headers.insert(
            header::ORIGIN,
            HeaderValue::from_static("http://evil.example"),
        );
        assert!(check(&headers, own).is_err());
    }
}
