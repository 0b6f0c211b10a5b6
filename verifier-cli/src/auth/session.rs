//! The login to one repository: found out once, shared by all requests, renewed when it expires.
//!
//! However many requests wait, one of them asks the token server; the others take what it got,
//! also if that is a refusal.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use polyarch_core::http::challenge::{self, Challenge};
use polyarch_core::verify::FailureKind;
use reqwest::{Method, StatusCode};
use tokio::sync::Mutex;

use super::basic;
use super::keychain::{Credential, Keychain};
use super::realm;
use super::secret::Secret;
use super::token::{self, TokenRequest};
use crate::registry::counters::Counters;
use crate::registry::endpoint::{Endpoint, Origin};
use crate::registry::fault::Fault;
use crate::registry::retry::Retry;
use crate::registry::transport::{Call, Clock, Home, Transport};

/// What is known about logging in to one repository.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) endpoint: Endpoint,
    pub(crate) home: Home,
    state: Mutex<State>,
}

/// The sessions of a run: references to the same repository share one.
#[derive(Debug, Default)]
pub(crate) struct Sessions(std::sync::Mutex<BTreeMap<Key, Arc<Session>>>);

/// Registry, and repository within it.
type Key = (Origin, String);

impl Sessions {
    /// The session for a repository, new or under way.
    pub(crate) fn of(&self, endpoint: Endpoint) -> Arc<Session> {
        let key = (endpoint.origin(), endpoint.repository.clone());
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions
            .entry(key)
            .or_insert_with(|| Arc::new(Session::new(endpoint)));
        Arc::clone(session)
    }
}

#[derive(Debug, Default)]
struct State {
    /// Counts renewals; 0 is "nobody asked for a login yet".
    generation: u64,
    outcome: Option<Result<Secret, Fault>>,
}

/// Why there is no login.
#[derive(Debug)]
enum LoginError {
    /// The registry refused one request and asks nobody to log in.
    NotOffered(Fault),
    Failed(Fault),
}

impl From<Fault> for LoginError {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

/// The login that a request starts with.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) generation: u64,
    pub(crate) authorization: Option<Secret>,
}

impl Session {
    /// A session that starts without a login: many images need none.
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        Self {
            home: Home::new(endpoint.ping()),
            endpoint,
            state: Mutex::default(),
        }
    }

    /// The login of now; waits while another request is getting one.
    pub(crate) async fn login(&self) -> Login {
        let state = self.state.lock().await;
        Login {
            generation: state.generation,
            // A refusal to one request says nothing about the next: it may need no login.
            authorization: state
                .outcome
                .as_ref()
                .and_then(|o| o.as_ref().ok())
                .cloned(),
        }
    }

    /// Gets a new login after a 401 to a request that had `used`, unless one was got meanwhile.
    pub(crate) async fn renew(
        &self,
        used: &Login,
        headers: &[String],
        transport: &Transport,
        keychain: &Keychain,
        counters: &Arc<Counters>,
    ) -> Result<Login, Fault> {
        let mut state = self.state.lock().await;
        if state.generation == used.generation && !state.is_refused() {
            match self.log_in(headers, transport, keychain, counters).await {
                // Nothing but this one request wants a login; the others go on without.
                Err(LoginError::NotOffered(fault)) => return Err(fault),
                Err(LoginError::Failed(fault)) => state.outcome = Some(Err(fault)),
                Ok(authorization) => state.outcome = Some(Ok(authorization)),
            }
            state.generation += 1;
        }
        state.login()
    }

    async fn log_in(
        &self,
        headers: &[String],
        transport: &Transport,
        keychain: &Keychain,
        counters: &Arc<Counters>,
    ) -> Result<Secret, LoginError> {
        let mut challenges = challenge::parse(headers.iter().map(String::as_str));
        if challenges.is_empty() {
            let headers = self.ping(transport, counters).await?;
            challenges = challenge::parse(headers.iter().map(String::as_str));
        }
        let host = &self.endpoint.login_host;
        let credential = keychain.find(&self.endpoint).await.map_err(|problem| {
            let detail = format!("the login for {host} cannot be used: {problem}");
            Fault::lasting(FailureKind::Unauthorized, detail)
        })?;
        if let Some(Credential::RegistryToken(token)) = &credential {
            return Ok(basic::bearer(token, &transport.redactor));
        }
        let by_scheme = |scheme: &str| challenges.iter().find(|c| c.scheme == scheme);
        if let Some(challenge) = by_scheme("bearer") {
            let credential = credential.as_ref();
            let token = self
                .bearer(challenge, credential, transport, counters)
                .await;
            return token.map_err(LoginError::Failed);
        }
        let offered: Vec<&str> = challenges.iter().map(|c| c.scheme.as_str()).collect();
        let detail = match (by_scheme("basic"), credential) {
            (Some(_), Some(Credential::Basic { username, password })) => {
                return Ok(basic::basic(&username, &password, &transport.redactor));
            }
            (Some(_), Some(_)) => {
                format!("{host} wants a user and a password, but a token is stored for it")
            }
            (Some(_), None) => format!("{host} wants a login, and none is stored for it"),
            (None, _) if offered.is_empty() => {
                let detail = format!("{host} refuses access and does not say how to log in");
                let fault = Fault::lasting(FailureKind::Unauthorized, detail);
                return Err(LoginError::NotOffered(fault));
            }
            (None, _) => format!(
                "{host} wants a login by {}, which is not supported",
                offered.join(", ")
            ),
        };
        Err(Fault::lasting(FailureKind::Unauthorized, detail).into())
    }

    async fn bearer(
        &self,
        challenge: &Challenge,
        credential: Option<&Credential>,
        transport: &Transport,
        counters: &Arc<Counters>,
    ) -> Result<Secret, Fault> {
        let realm = realm::check(
            challenge.parameter("realm"),
            &self.endpoint.origin(),
            self.home.is_public().await,
            credential.is_some(),
        )
        .map_err(|refusal| Fault::lasting(FailureKind::Unauthorized, refusal.to_string()))?;
        let own_scope = format!("repository:{}:pull", self.endpoint.repository);
        let request = TokenRequest {
            realm,
            service: challenge.parameter("service"),
            scope: challenge.parameter("scope").unwrap_or(&own_scope),
            credential,
        };
        let token = token::fetch(transport, &self.home, &request, counters).await?;
        Ok(basic::bearer(&token, &transport.redactor))
    }

    /// `GET /v2/`, for registries that refuse the real request without a challenge.
    async fn ping(
        &self,
        transport: &Transport,
        counters: &Arc<Counters>,
    ) -> Result<Vec<String>, Fault> {
        let mut retry = Retry::new(transport.options.retries);
        loop {
            let call = Call {
                method: Method::GET,
                url: self.endpoint.ping(),
                accept: None,
                authorization: None,
                form: None,
                home: &self.home,
                counters,
            };
            let mut clock = Clock::new(transport.options.timeout);
            let fault = match transport.exchange(&call, &mut clock).await {
                Ok(reply) if reply.status() == StatusCode::UNAUTHORIZED && reply.at_home => {
                    return Ok(reply.challenges());
                }
                Ok(reply) if reply.status().is_success() => return Ok(Vec::new()),
                Ok(reply) => transport.status_fault(reply, &mut clock).await,
                Err(fault) => fault,
            };
            match retry.after(&fault) {
                Some(wait) => tokio::time::sleep(wait).await,
                // Whatever `/v2/` says, the image itself is not thereby missing.
                None => return Ok(Vec::new()),
            }
        }
    }
}

impl State {
    /// Whether the login was refused: the same one is not tried again by every request.
    fn is_refused(&self) -> bool {
        matches!(&self.outcome, Some(Err(fault)) if fault.kind == FailureKind::Unauthorized)
    }

    fn login(&self) -> Result<Login, Fault> {
        let authorization = match &self.outcome {
            Some(Err(fault)) => return Err(fault.clone()),
            Some(Ok(authorization)) => Some(authorization.clone()),
            None => None,
        };
        Ok(Login {
            generation: self.generation,
            authorization,
        })
    }
}
