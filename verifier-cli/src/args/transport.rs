//! The options of every command that talks to a registry.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

use super::duration;
use crate::error::CliError;
use crate::registry::options::Options;
use crate::registry::tls;

/// Limits and habits of the transport.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Transport")]
pub(crate) struct Transport {
    /// Time limit of one request with its body [default: 30s, and 1 s per MiB for layers]
    #[arg(long, value_name = "DUR", value_parser = duration::parse)]
    pub(crate) timeout: Option<Duration>,
    /// How often a failed request is tried again
    #[arg(long, value_name = "N", default_value_t = Options::default().retries)]
    pub(crate) retries: u32,
    /// Requests in flight
    #[arg(long, value_name = "N", default_value_t = Options::default().jobs, value_parser = jobs)]
    pub(crate) jobs: usize,
    /// Use http for every registry; loopback is spoken to in http anyway
    #[arg(long)]
    pub(crate) plain_http: bool,
    /// Trust the certificates in this PEM file besides the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_cert: Option<PathBuf>,
    /// Ask URL instead of HOST, with the login stored for URL's own address; repeatable
    #[arg(long = "mirror", value_name = "HOST=URL", value_parser = mirror)]
    pub(crate) mirrors: Vec<(String, Url)>,
}

impl Transport {
    /// The transport's own form of these options; reads the certificates.
    pub(crate) fn options(&self) -> Result<Options, CliError> {
        let defaults = Options::default();
        let extra_roots = self.ca_cert.as_ref().map(|path| {
            let pem = std::fs::read(path).map_err(|source| CliError::Read {
                path: path.clone(),
                source,
            })?;
            tls::check_extra_roots(&pem)
                .map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))?;
            Ok(pem)
        });
        Ok(Options {
            timeout: self.timeout.unwrap_or(defaults.timeout),
            timeout_is_explicit: self.timeout.is_some(),
            retries: self.retries,
            jobs: self.jobs,
            plain_http: self.plain_http,
            extra_roots: extra_roots.transpose()?,
            mirrors: self.mirrors.iter().cloned().collect(),
        })
    }
}

fn jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(jobs) if (1..=1024).contains(&jobs) => Ok(jobs),
        _ => Err("expected a number from 1 to 1024".to_owned()),
    }
}

/// `HOST=URL`; the URL may have a path, and gets a slash at its end.
fn mirror(text: &str) -> Result<(String, Url), String> {
    let (host, url) = text
        .split_once('=')
        .filter(|(host, _)| !host.is_empty())
        .ok_or("expected HOST=URL, as in docker.io=https://mirror.example")?;
    let mut url = Url::parse(url).map_err(|error| format!("`{url}` is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(format!("`{url}` is neither http nor https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a login does not belong into the URL; store it for the mirror's host".into());
    }
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok((host.to_ascii_lowercase(), url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mirrors_are_a_host_and_a_url_without_login() {
        let shown = |text| mirror(text).map(|(host, url)| format!("{host} {url}"));
        assert_eq!(
            shown("Docker.io=https://m.example/hub").as_deref(),
            Ok("docker.io https://m.example/hub/")
        );
        for text in [
            "m.example",
            "=https://m",
            "a=ftp://m",
            "a=https://u:p@m",
            "a=nothing",
        ] {
            assert!(shown(text).is_err(), "{text}");
        }
    }
}
