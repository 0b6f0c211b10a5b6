//! Fetching a bearer token from the server that a challenge names.
//!
//! Source: distribution's `docs/content/spec/auth/token.md` (GET) and `oauth.md` (POST).

use std::sync::Arc;

use polyarch_core::verify::FailureKind;
use reqwest::{Method, StatusCode, Url};
use serde::Deserialize;

use super::basic;
use super::keychain::Credential;
use super::secret::Secret;
use crate::registry::counters::Counters;
use crate::registry::endpoint::printable;
use crate::registry::fault::Fault;
use crate::registry::options::SMALL_BODY;
use crate::registry::retry::Retry;
use crate::registry::transport::{Call, Clock, Home, Reply, Transport};

/// What a token is asked for.
#[derive(Debug)]
pub(crate) struct TokenRequest<'a> {
    /// Already checked by [`super::realm::check`].
    pub(crate) realm: Url,
    pub(crate) service: Option<&'a str>,
    /// Scopes, separated by spaces.
    pub(crate) scope: &'a str,
    pub(crate) credential: Option<&'a Credential>,
}

#[derive(Deserialize)]
struct TokenBody {
    token: Option<String>,
    access_token: Option<String>,
}

/// Asks for a token, again if the server stumbles.
pub(crate) async fn fetch(
    transport: &Transport,
    home: &Home,
    request: &TokenRequest<'_>,
    counters: &Arc<Counters>,
) -> Result<Secret, Fault> {
    let mut retry = Retry::new(transport.options.retries);
    loop {
        let fault = match fetch_once(transport, home, request, counters).await {
            Ok(token) => return Ok(token),
            Err(fault) => fault,
        };
        match retry.after(&fault) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return Err(fault),
        }
    }
}

async fn fetch_once(
    transport: &Transport,
    home: &Home,
    request: &TokenRequest<'_>,
    counters: &Arc<Counters>,
) -> Result<Secret, Fault> {
    let mut clock = Clock::new(transport.options.timeout);
    if let Some(Credential::IdentityToken { token, .. }) = request.credential {
        transport.redactor.learn(token);
        let form = refresh_form(request, token);
        let call = Call {
            method: Method::POST,
            url: request.realm.clone(),
            accept: Some("application/json"),
            authorization: None,
            form: Some(&form),
            home,
            counters,
        };
        let reply = transport.exchange(&call, &mut clock).await?;
        // Servers without the POST form say so in one of these ways; the GET form may still work.
        let has_no_post = matches!(reply.status().as_u16(), 404 | 405);
        if !has_no_post {
            return token_of(transport, reply, &mut clock).await;
        }
    }
    let authorization = match request.credential {
        Some(Credential::Basic { username, password }) => {
            Some(basic::basic(username, password, &transport.redactor))
        }
        Some(Credential::IdentityToken { username, token }) => {
            Some(basic::basic(username, token, &transport.redactor))
        }
        Some(Credential::RegistryToken(_)) | None => None,
    };
    let call = Call {
        method: Method::GET,
        url: get_url(request),
        accept: Some("application/json"),
        authorization: authorization.as_ref(),
        form: None,
        home,
        counters,
    };
    let reply = transport.exchange(&call, &mut clock).await?;
    token_of(transport, reply, &mut clock).await
}

fn get_url(request: &TokenRequest<'_>) -> Url {
    let mut url = request.realm.clone();
    {
        let mut query = url.query_pairs_mut();
        if let Some(service) = request.service {
            query.append_pair("service", service);
        }
        for scope in request.scope.split_whitespace() {
            query.append_pair("scope", scope);
        }
    }
    url
}

/// `grant_type=refresh_token&…` as a form; a secret as a whole.
fn refresh_form(request: &TokenRequest<'_>, token: &Secret) -> Secret {
    let mut form = Url::parse("form:").unwrap_or_else(|_| request.realm.clone());
    form.query_pairs_mut()
        .append_pair("grant_type", "refresh_token")
        .append_pair("service", request.service.unwrap_or_default())
        .append_pair("scope", request.scope)
        .append_pair("client_id", "polyarch")
        .append_pair("refresh_token", token.expose());
    Secret::new(form.query().unwrap_or_default())
}

async fn token_of(
    transport: &Transport,
    reply: Reply<'_>,
    clock: &mut Clock,
) -> Result<Secret, Fault> {
    if reply.status() != StatusCode::OK {
        let fault = transport.status_fault(reply, clock).await;
        let kind = match fault.kind {
            // The token server knows nothing about images: its 404 is not the image's.
            FailureKind::NotFound | FailureKind::MethodNotAllowed | FailureKind::TooLarge => {
                FailureKind::RegistryError
            }
            kind => kind,
        };
        let detail = format!("no token: {}", fault.detail);
        return Err(Fault {
            kind,
            detail,
            ..fault
        });
    }
    let place = printable(reply.url());
    let bad = |what: &str| {
        Fault::lasting(
            FailureKind::RegistryError,
            format!("no token: {place} {what}"),
        )
    };
    let body = match reply.body(SMALL_BODY, clock).await {
        Ok(body) => body,
        Err(fault) if fault.kind == FailureKind::TooLarge => {
            return Err(bad("answers with more than a token"));
        }
        Err(fault) => return Err(fault),
    };
    let body: TokenBody =
        serde_json::from_slice(&body).map_err(|_| bad("answers with no token"))?;
    let token = body
        .token
        .filter(|token| !token.is_empty())
        .or(body.access_token)
        .filter(|token| !token.is_empty())
        .ok_or_else(|| bad("answers without a token"))?;
    if !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(bad("answers with a token that no header can carry"));
    }
    Ok(Secret::new(token))
}
