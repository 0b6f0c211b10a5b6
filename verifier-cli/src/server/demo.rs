//! The demo registry over HTTP. What it answers, right or wrong, is core's; this only sends it.

use std::sync::{Mutex, PoisonError};

use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, Response, StatusCode};
use polyarch_core::demo;

use super::body::{self, Body};

/// The answer, or `None` where the connection is to be lost.
pub(super) fn answer(
    registry: &Mutex<demo::Registry>,
    method: &Method,
    path: &str,
) -> Option<Response<Body>> {
    let is_head = *method == Method::HEAD;
    let asked = if is_head {
        demo::Method::Head
    } else {
        demo::Method::Get
    };
    let reply = registry
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .respond(asked, path);
    let demo::Reply::Response(answer) = reply else {
        return None;
    };
    let bytes = answer.body.to_vec();
    let is_cut = !is_head && (bytes.len() as u64) < answer.length;
    let mut response = Response::new(if is_cut {
        body::then_cut(bytes)
    } else {
        body::whole(bytes)
    });
    *response.status_mut() = StatusCode::from_u16(answer.status).ok()?;
    let headers = response.headers_mut();
    for (name, value) in answer.headers {
        headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_str(&value).ok()?,
        );
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(answer.length));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        "docker-distribution-api-version",
        HeaderValue::from_static("registry/2.0"),
    );
    Some(response)
}
