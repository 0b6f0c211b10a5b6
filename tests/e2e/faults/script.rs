//! What goes wrong, when, and which login the server wants.

use std::sync::{Arc, Barrier};
use std::time::Duration;

use super::server::{HttpAnswer, Seen};

/// What the server does instead of, or with, a healthy answer.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    Serve,
    /// Sends the healthy answer with changes.
    Change(Change),
    /// Redirects; `{host}`, `{elsewhere}` and `{path}` stand for what they say.
    Redirect(u16, String),
    /// Waits, then goes on.
    Wait(Duration, Box<Action>),
    /// Waits until as many requests as the barrier wants are here, then answers them all.
    Together(Arc<Barrier>),
    /// Closes the connection without a word.
    Close,
    /// Sends these bytes, whatever they are.
    Raw(Vec<u8>),
    /// Sends the headers and this many bytes of the body, then closes.
    Truncate(usize),
    /// Sends the body byte by byte with a pause after each.
    Drip(Duration),
    /// Sends a body without an end.
    Endless,
    /// Never answers.
    Silence,
}

/// A change to an answer.
pub(crate) type Change = fn(&mut HttpAnswer);

/// An action for the requests that it matches.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    method: Option<&'static str>,
    path: &'static str,
    skip: usize,
    times: usize,
    action: Action,
}

/// At every request whose method is `method` (`*` for any) and whose path contains `path`.
pub(crate) fn on(method: &'static str, path: &'static str, action: Action) -> Step {
    let method = Some(method).filter(|method| *method != "*");
    Step {
        method,
        path,
        skip: 0,
        times: usize::MAX,
        action,
    }
}

impl Step {
    /// Only at the first `times`.
    pub(crate) fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// Not before `skip` such requests.
    pub(crate) fn after(self, skip: usize) -> Self {
        Self { skip, ..self }
    }

    /// The same step with the other host's address where a redirect names it.
    pub(super) fn naming(self, elsewhere: &str) -> Self {
        match self.action {
            Action::Redirect(code, location) => {
                let location = location.replace("{elsewhere}", elsewhere);
                Self {
                    action: Action::Redirect(code, location),
                    ..self
                }
            }
            _ => self,
        }
    }

    /// Whether it is this step's turn. A skipped match counts.
    pub(super) fn matches(&mut self, method: &str, path: &str) -> bool {
        let fits = self.method.is_none_or(|m| m == method) && path.contains(self.path);
        if fits && self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        fits && self.times > 0
    }

    pub(super) fn take(&mut self) -> Action {
        self.times = self.times.saturating_sub(1);
        self.action.clone()
    }
}

/// Answers with a status and an empty body.
pub(crate) fn status(code: u16) -> Action {
    let change: Change = match code {
        301 => |a| *a = empty(301),
        400 => |a| *a = empty(400),
        401 => |a| *a = empty(401),
        403 => |a| *a = empty(403),
        404 => |a| *a = empty(404),
        405 => |a| *a = empty(405),
        418 => |a| *a = empty(418),
        429 => |a| *a = empty(429),
        500 => |a| *a = empty(500),
        502 => |a| *a = empty(502),
        503 => |a| *a = empty(503),
        504 => |a| *a = empty(504),
        other => panic!("status {other} is not among those that cases use"),
    };
    Action::Change(change)
}

/// An answer without a body.
pub(crate) fn empty(status: u16) -> HttpAnswer {
    HttpAnswer {
        status,
        headers: Vec::new(),
        length: Some(0),
        body: Vec::new(),
    }
}

/// The login that a server wants before it serves anything under `/v2/`.
#[derive(Debug, Clone)]
pub(crate) enum Login {
    None,
    /// `Authorization: Basic` of `user:secret`.
    Basic,
    /// A bearer token from `/token` of the same server, for anybody or for `user:secret`.
    Bearer {
        anonymous: bool,
    },
    /// 401 without a challenge on manifests; the ping has the challenge.
    PingOnly,
}

/// `user:secret` in base 64.
pub(crate) const BASIC: &str = "Basic dXNlcjpzZWNyZXQ=";
const TOKEN: &str = "token-for-one-repository";

impl Login {
    /// What to do instead of serving; `None` if the request may be served.
    pub(super) fn action(&self, seen: &Seen, host: &str) -> Option<Action> {
        let authorization = seen.header("authorization").unwrap_or_default();
        let has_token = authorization == format!("Bearer {TOKEN}");
        match self {
            Self::None => None,
            Self::Basic if authorization == BASIC => None,
            Self::Basic => Some(Action::Change(|a| {
                *a = empty(401);
                a.headers
                    .push(("WWW-Authenticate".into(), "Basic realm=\"here\"".into()));
            })),
            Self::Bearer { anonymous } if seen.path.starts_with("/token") => {
                let may = *anonymous || authorization == BASIC;
                Some(if may { token() } else { status(401) })
            }
            Self::PingOnly if seen.path.starts_with("/token") => Some(token()),
            Self::Bearer { .. } | Self::PingOnly if has_token => None,
            Self::PingOnly if seen.path != "/v2/" => Some(status(401)),
            Self::Bearer { .. } | Self::PingOnly => {
                let _ = host;
                Some(Action::Change(|a| {
                    *a = empty(401);
                    let challenge = "Bearer realm=\"http://{host}/token\",service=\"fault\",\
                        scope=\"repository:demo:pull\"";
                    a.headers
                        .push(("WWW-Authenticate".into(), challenge.into()));
                }))
            }
        }
    }
}

fn token() -> Action {
    Action::Change(|a| {
        let body = format!(r#"{{"token":"{TOKEN}","expires_in":300}}"#);
        *a = empty(200);
        a.length = Some(body.len() as u64);
        a.body = body.into_bytes();
    })
}

/// Redirects with 307.
pub(crate) fn redirect(location: &str) -> Action {
    Action::Redirect(307, location.to_owned())
}

/// Replaces the body, with the right length.
pub(crate) fn body(answer: &mut HttpAnswer, bytes: Vec<u8>) {
    answer.length = Some(bytes.len() as u64);
    answer.body = bytes;
}

/// Changes the answer where it is a layer's; the order in which blobs are asked for is nobody's.
pub(crate) fn on_layers(answer: &mut HttpAnswer, change: fn(&mut HttpAnswer)) {
    const GZIP: &[u8] = &[0x1f, 0x8b];
    if answer.body.starts_with(GZIP) {
        change(answer);
    }
}

/// Sets a header in place of the one that is there.
pub(crate) fn header(answer: &mut HttpAnswer, name: &str, value: &str) {
    drop_header(answer, name);
    answer.headers.push((name.to_owned(), value.to_owned()));
}

/// Takes a header out.
pub(crate) fn drop_header(answer: &mut HttpAnswer, name: &str) {
    answer
        .headers
        .retain(|(key, _)| !key.eq_ignore_ascii_case(name));
}
