//! The distribution API: what `GET` and `HEAD` under `/v2/` answer. Nothing can be pushed.

use std::sync::Arc;

use super::{DigestHeader, Flip, Object, Registry, Serving, flipped};
use crate::demo::recipe::Failing;
use crate::digest::Digest;

/// The two methods that reading needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
}

/// What comes back for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    Response(Response),
    /// The connection is lost before an answer.
    Lost,
}

/// An HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// All headers but `Content-Length`.
    pub headers: Vec<(&'static str, String)>,
    /// The value of `Content-Length`. To a GET it exceeds the body where that is cut short.
    pub length: u64,
    /// Empty for HEAD.
    pub body: Arc<[u8]>,
}

impl Response {
    /// The value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find_map(|(key, value)| (*key == name).then_some(value.as_str()))
    }
}

/// Where a path leads.
enum Route<'a> {
    Version,
    Catalogue,
    Tags(&'a str),
    Manifest(&'a str, &'a str),
    Blob(&'a str, &'a str),
    Nowhere,
}

impl Registry {
    /// Answers a request. `path` begins with `/v2/` and has no query.
    pub fn respond(&mut self, method: Method, path: &str) -> Reply {
        let reply = match route(path) {
            Route::Version => Reply::Response(json(200, "{}".to_owned())),
            Route::Catalogue => {
                let names: Vec<&String> = self.repositories.keys().collect();
                let body = serde_json::json!({ "repositories": names });
                Reply::Response(json(200, body.to_string()))
            }
            Route::Tags(name) => self.tags(name),
            Route::Manifest(name, target) => self.manifest(method, name, target),
            Route::Blob(name, digest) => self.blob(method, name, digest),
            Route::Nowhere => not_found("NAME_UNKNOWN", "nothing is served here"),
        };
        match (reply, method) {
            (Reply::Response(response), Method::Head) => Reply::Response(Response {
                body: Arc::from([]),
                ..response
            }),
            (reply, _) => reply,
        }
    }

    fn tags(&self, name: &str) -> Reply {
        let Some(repository) = self.repositories.get(name) else {
            return not_found("NAME_UNKNOWN", "repository name not known to registry");
        };
        let tags: Vec<&String> = repository.tags.keys().collect();
        let body = serde_json::json!({ "name": name, "tags": tags });
        Reply::Response(json(200, body.to_string()))
    }

    fn manifest(&mut self, method: Method, name: &str, target: &str) -> Reply {
        let unknown = || not_found("MANIFEST_UNKNOWN", "manifest unknown");
        let Some(repository) = self.repositories.get(name) else {
            return not_found("NAME_UNKNOWN", "repository name not known to registry");
        };
        let (digest, tag) = if let Some(tag) = repository.tags.get(target).cloned() {
            if let Some(reply) = refused(&tag.serving, method) {
                return reply;
            }
            let turn = match tag.targets.len() {
                0 | 1 => 0,
                several => self.count(format!("{name}:{target}")) as usize % several,
            };
            let Some(digest) = tag.targets.get(turn) else {
                return unknown();
            };
            (digest.clone(), Some(tag.serving))
        } else {
            match target.parse() {
                Ok(digest) => (digest, None),
                Err(_) => return unknown(),
            }
        };
        let stored = self.repositories.get(name);
        let Some(object) = stored.and_then(|r| r.manifests.get(&digest)).cloned() else {
            return unknown();
        };
        self.serve(method, &digest, object, tag, "MANIFEST_UNKNOWN")
    }

    fn blob(&mut self, method: Method, name: &str, digest: &str) -> Reply {
        let unknown = || not_found("BLOB_UNKNOWN", "blob unknown to registry");
        let (Some(repository), Ok(digest)) = (self.repositories.get(name), digest.parse()) else {
            return unknown();
        };
        let Some(object) = repository.blobs.get(&digest).cloned() else {
            return unknown();
        };
        self.serve(method, &digest, object, None, "BLOB_UNKNOWN")
    }

    /// Sends an object; what the tag has to say about headers wins.
    fn serve(
        &mut self,
        method: Method,
        digest: &Digest,
        object: Object,
        tag: Option<Serving>,
        unknown: &'static str,
    ) -> Reply {
        let serving = object.serving;
        if let Some(reply) = refused(&serving, method) {
            return match reply {
                Reply::Response(Response { status: 404, .. }) => not_found(unknown, "unknown"),
                other => other,
            };
        }
        let flip = match (serving.flip, method) {
            (Flip::Never, _) | (Flip::EveryOther, Method::Head) => false,
            (Flip::Always, _) => true,
            (Flip::EveryOther, Method::Get) => self.count(digest.to_string()).is_multiple_of(2),
        };
        let tag = tag.unwrap_or_default();
        let mut headers = Vec::new();
        let content_type = tag.content_type.or(serving.content_type);
        if let Some(content_type) = content_type.unwrap_or(Some(object.media_type)) {
            headers.push(("content-type", content_type));
        }
        let digest_header = match tag.digest_header {
            DigestHeader::Right => serving.digest_header,
            other => other,
        };
        match digest_header {
            DigestHeader::Right => headers.push(("docker-content-digest", digest.to_string())),
            DigestHeader::Lies => {
                let other = Digest::sha256(digest.as_str().as_bytes());
                headers.push(("docker-content-digest", other.to_string()));
            }
            DigestHeader::Missing => {}
        }
        let mut body = if flip {
            Arc::from(flipped(&object.content))
        } else {
            object.content
        };
        let length = body.len() as u64;
        if serving.cut {
            let half = body.len() / 2;
            body = Arc::from(body.get(..half).unwrap_or_default());
        }
        Reply::Response(Response {
            status: 200,
            headers,
            length,
            body,
        })
    }
}

/// The answer where there is none to give.
fn refused(serving: &Serving, method: Method) -> Option<Reply> {
    if serving.missing || serving.no_head && method == Method::Head {
        return Some(not_found("MANIFEST_UNKNOWN", "manifest unknown"));
    }
    Some(match serving.failing? {
        Failing::Unreachable => Reply::Lost,
        Failing::Unauthorized => {
            let mut response = error(401, "UNAUTHORIZED", "authentication required");
            let challenge = "Basic realm=\"polyarch demo\"".to_owned();
            response.headers.push(("www-authenticate", challenge));
            Reply::Response(response)
        }
        Failing::RateLimited => {
            let mut response = error(429, "TOOMANYREQUESTS", "too many requests");
            response.headers.push(("retry-after", "3600".to_owned()));
            Reply::Response(response)
        }
        Failing::ServerError => Reply::Response(error(500, "UNKNOWN", "unknown error")),
    })
}

fn route(path: &str) -> Route<'_> {
    let Some(rest) = path.strip_prefix("/v2") else {
        return Route::Nowhere;
    };
    match rest.trim_start_matches('/') {
        "" => return Route::Version,
        "_catalog" => return Route::Catalogue,
        _ => {}
    }
    let rest = rest.trim_start_matches('/');
    if let Some(name) = rest.strip_suffix("/tags/list") {
        return Route::Tags(name);
    }
    // The last two components; a repository's name may have any number.
    let mut parts = rest.rsplitn(3, '/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(target), Some("manifests"), Some(name)) => Route::Manifest(name, target),
        (Some(digest), Some("blobs"), Some(name)) => Route::Blob(name, digest),
        _ => Route::Nowhere,
    }
}

fn not_found(code: &str, message: &str) -> Reply {
    Reply::Response(error(404, code, message))
}

fn error(status: u16, code: &str, message: &str) -> Response {
    let body = serde_json::json!({ "errors": [{ "code": code, "message": message }] });
    json(status, body.to_string())
}

fn json(status: u16, body: String) -> Response {
    Response {
        status,
        headers: vec![("content-type", "application/json".to_owned())],
        length: body.len() as u64,
        body: Arc::from(body.into_bytes()),
    }
}
