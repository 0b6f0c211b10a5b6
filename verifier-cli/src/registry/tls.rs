//! Certificates and the HTTP clients that use them.
//!
//! Reading the system's roots takes milliseconds, so it happens with the first https request and
//! not before. Whoever is on loopback is not reached through a proxy.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url};
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::address;
use super::options::Options;
use super::pinned::Pinned;

/// Largest number of idle connections kept for one host.
const IDLE_CONNECTIONS: usize = 32;

/// Which client a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Need {
    tls: bool,
    loopback: bool,
    public_only: bool,
}

/// Clients by need, made when first needed.
#[derive(Debug, Default)]
pub(crate) struct Clients(Mutex<BTreeMap<Need, Client>>);

/// Why no client can be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("the TLS set-up failed: {0}")]
    Config(#[from] rustls::Error),
    #[error("the certificates given with --ca-cert cannot be used: {0}")]
    ExtraRoots(String),
    #[error("the HTTP client cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
}

impl Clients {
    /// The client for a URL. With `public_only` it refuses names that lead to private addresses.
    pub(crate) fn for_url(
        &self,
        url: &Url,
        public_only: bool,
        options: &Options,
    ) -> Result<Client, TlsError> {
        let need = Need {
            tls: url.scheme() == "https",
            loopback: url.host_str().is_some_and(address::is_loopback_host),
            public_only,
        };
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&need) {
            return Ok(client.clone());
        }
        let client = build(need, options)?;
        clients.insert(need, client.clone());
        Ok(client)
    }
}

fn build(need: Need, options: &Options) -> Result<Client, TlsError> {
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls_config(need.tls, options)?)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .user_agent(concat!("polyarch/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(10).min(options.timeout))
        .pool_max_idle_per_host(IDLE_CONNECTIONS);
    if need.loopback {
        builder = builder.no_proxy();
    }
    if need.public_only {
        builder = builder.dns_resolver(Arc::new(PublicOnly));
    }
    Ok(builder.build()?)
}

/// With `tls` the system's roots and the user's; without, none, since nothing will be checked.
fn tls_config(tls: bool, options: &Options) -> Result<ClientConfig, TlsError> {
    let mut roots = RootCertStore::empty();
    let mut given = Vec::new();
    if tls {
        let system = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(system.certs);
        if let Some(pem) = &options.extra_roots {
            given = add_extra(&mut roots, pem)?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let mut config = if given.is_empty() {
        builder.with_root_certificates(roots).with_no_client_auth()
    } else {
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|error| TlsError::ExtraRoots(error.to_string()))?;
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Pinned { webpki, given }))
            .with_no_client_auth()
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Trusts the certificates of a PEM file, and returns them.
fn add_extra(
    roots: &mut RootCertStore,
    pem: &[u8],
) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let mut given = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| TlsError::ExtraRoots(error.to_string()))?;
        roots
            .add(certificate.clone())
            .map_err(|error| TlsError::ExtraRoots(error.to_string()))?;
        given.push(certificate);
    }
    if given.is_empty() {
        return Err(TlsError::ExtraRoots(
            "the file holds no PEM certificate".to_owned(),
        ));
    }
    Ok(given)
}

/// Checks `--ca-cert` before anything is fetched.
pub(crate) fn check_extra_roots(pem: &[u8]) -> Result<(), TlsError> {
    add_extra(&mut RootCertStore::empty(), pem).map(drop)
}

/// Looks names up and connects only to addresses outside private networks; what was checked is
/// what is connected to.
#[derive(Debug)]
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|a| !address::is_private(a.ip())).collect();
            if public.is_empty() {
                let reason = format!("{host} has no public address");
                return Err(reason.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether a registry is outside this machine and its network. A name that cannot be looked up
/// counts as public, which is the stricter side.
pub(crate) async fn is_public(url: &Url) -> bool {
    if address::is_private_by_text(url) {
        return false;
    }
    let host = url.host_str().unwrap_or_default();
    if address::literal(host).is_some() {
        return true;
    }
    match tokio::net::lookup_host((host, 0)).await {
        Ok(mut addresses) => !addresses.any(|a| address::is_private(a.ip())),
        Err(_) => true,
    }
}
