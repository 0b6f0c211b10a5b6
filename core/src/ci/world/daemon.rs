//! Docker daemons, how a client reaches them, and why it does not.
//!
//! Texts: docker/cli `cli/command/cli.go`, moby `client/errors.go` and `client/request.go`
//! (20.10 to 29), docker-library/docker's `dockerd-entrypoint.sh`.

use super::World;
use crate::ci::settings::Executor;
use crate::ci::shell::{Shell, Variables};
use crate::environment::{ImageStore, Version};

/// Where Docker listens without any setting.
pub const SOCKET: &str = "unix:///var/run/docker.sock";

/// A daemon as the job sees it.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Daemon {
    /// Host names that lead to it; empty for one behind the socket only.
    pub names: Vec<String>,
    pub has_socket: bool,
    pub version: Version,
    pub buildkit: Version,
    pub store: ImageStore,
    /// Speaks TLS on 2376, otherwise plain on 2375.
    pub tls: bool,
    /// Folder in the job's container where the client's certificates appear.
    pub certificates: Option<String>,
    /// Seconds after the script's begin at which it answers; `None` for never.
    pub ready_at: Option<f64>,
    pub is_dind: bool,
    /// Behind a socket of the machine, which other jobs share.
    pub is_hosts: bool,
    pub privileged: bool,
    /// A graph-driver name in `$DOCKER_DRIVER` that turned the containerd store off.
    pub store_by_driver_variable: bool,
}

impl Daemon {
    fn port(&self) -> &'static str {
        if self.tls { "2376" } else { "2375" }
    }
}

/// What a client connects to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub context: String,
    pub host: String,
    pub tls: bool,
}

/// Why it does not get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub text: String,
    /// Before anything is sent: certificates that cannot be read.
    pub early: bool,
}

impl Refused {
    /// Whether the client takes it for a connection that failed: then `docker login` goes to the
    /// registry without the daemon. Until 24 other errors on the way were none (moby
    /// `client/request.go`, docker/cli `loginClientSide`).
    pub fn is_connection(&self, cli: Version) -> bool {
        !self.early && (cli.at_least(25, 0) || self.text.starts_with(NO_CONNECTION))
    }
}

/// The client's address for the context in force, or the error of reading its certificates.
pub fn endpoint(shell: &mut Shell<'_, '_>, context: Option<&str>) -> Result<Endpoint, Refused> {
    let variable = |name| exported(&shell.variables, name);
    let from_environment = variable("DOCKER_HOST").is_some();
    let name = match (context, variable("DOCKER_CONTEXT")) {
        (Some(name), _) => name.to_owned(),
        (None, Some(name)) if !from_environment => name,
        (None, _) if from_environment => "default".to_owned(),
        (None, _) => shell.world.current_context.clone(),
    };
    if let Some(found) = shell.world.contexts.get(&name) {
        return Ok(Endpoint {
            context: name,
            host: found.host.clone(),
            tls: found.tls,
        });
    }
    if name != "default" {
        let text = format!(
            "context {name:?}: context not found: open {}/.docker/contexts/meta/: no such file or directory",
            home(shell)
        );
        return Err(Refused {
            text: format!("unable to resolve docker endpoint: {text}"),
            early: true,
        });
    }
    let host = variable("DOCKER_HOST").unwrap_or_else(|| SOCKET.to_owned());
    let tls = variable("DOCKER_TLS_VERIFY").is_some() || variable("DOCKER_TLS").is_some();
    if tls {
        let folder =
            variable("DOCKER_CERT_PATH").unwrap_or_else(|| format!("{}/.docker", home(shell)));
        let folder = folder.trim_end_matches('/').to_owned();
        if !shell.world.has_certificates(&folder) {
            shell.world.explain_missing_certificates(&folder);
            return Err(Refused {
                text: format!(
                    "unable to resolve docker endpoint: open {folder}/ca.pem: no such file or directory"
                ),
                early: true,
            });
        }
    }
    Ok(Endpoint {
        context: name,
        host,
        tls,
    })
}

fn exported(variables: &Variables, name: &str) -> Option<String> {
    variables
        .exported(name)
        .filter(|v| !v.is_empty())
        .map(str::to_owned)
}

fn home(shell: &Shell<'_, '_>) -> String {
    shell.variables.get("HOME").unwrap_or("/root").to_owned()
}

/// The daemon at an endpoint, or the client's message.
pub fn connect(shell: &mut Shell<'_, '_>, endpoint: &Endpoint) -> Result<usize, Refused> {
    let cli = shell
        .world
        .tools
        .docker
        .unwrap_or(crate::environment::DOCKER_NEWEST);
    shell
        .world
        .connect(endpoint, cli)
        .map_err(|text| Refused { text, early: false })
}

/// Both at once.
pub fn reach(shell: &mut Shell<'_, '_>, context: Option<&str>) -> Result<usize, Refused> {
    let endpoint = endpoint(shell, context)?;
    connect(shell, &endpoint)
}

impl World<'_> {
    /// Whether the client's certificates are in a folder by now.
    pub fn has_certificates(&self, folder: &str) -> bool {
        let appear = |d: &Daemon| {
            let at = d.ready_at.map(|at| at - 1.0);
            d.tls
                && d.certificates.as_deref() == Some(folder)
                && at.is_some_and(|at| at <= self.clock)
        };
        self.daemons.iter().any(appear) || self.files.is_file(&format!("{folder}/ca.pem"))
    }

    fn explain_missing_certificates(&mut self, folder: &str) {
        let Some(daemon) = self.daemons.iter().find(|d| d.is_dind).cloned() else {
            self.note(
                "dind-service-missing",
                "no service of this job is a Docker daemon, so its certificates never appear",
            );
            return;
        };
        if !daemon.privileged {
            self.note_not_privileged();
        } else if !daemon.tls {
            self.note(
                "dind-tls-off-but-client-tls",
                "the daemon makes no certificates because DOCKER_TLS_CERTDIR is empty, but the client asks for TLS",
            );
        } else if daemon.certificates.as_deref() != Some(folder) {
            let Some(place) = daemon.certificates.as_deref() else {
                self.note(
                    "dind-no-cert-volume",
                    "the daemon writes its certificates into a folder that the job does not share",
                );
                return;
            };
            self.note_facts(
                "client-certificates-elsewhere",
                format!("the client looks for its certificates in {folder}, the daemon writes them to {place}"),
                &[("folder", place)],
            );
        } else if daemon.ready_at.is_some_and(|at| at > self.clock) {
            self.race();
        }
    }

    fn note_not_privileged(&mut self) {
        self.note(
            "dind-not-privileged",
            "the runner starts services without privileged mode, so the Docker daemon ends at once",
        );
    }

    /// The daemon is still starting: what happens now depends on who is faster.
    fn race(&mut self) {
        self.reason("the Docker daemon of the service is still starting");
        if !self.waits {
            self.exact = false;
        }
    }

    /// Called by the first docker command of a job: the race is worth telling however it ends.
    pub fn note_unwaited(&mut self) {
        let races = self
            .daemons
            .iter()
            .any(|d| d.is_dind && d.tls && d.privileged);
        if races && !self.waits && !self.incidents.iter().any(|i| i.cause == "dind-not-ready") {
            self.note(
                "dind-not-ready",
                "this is the first docker command, and nothing before it waits for the service's daemon",
            );
        }
    }

    /// The daemon at an endpoint, or the client's message.
    pub fn connect(&mut self, endpoint: &Endpoint, cli: Version) -> Result<usize, String> {
        let host = endpoint.host.as_str();
        if let Some(path) = host.strip_prefix("unix://") {
            let found = self
                .daemons
                .iter()
                .position(|d| d.has_socket && SOCKET.ends_with(path));
            return match found {
                Some(at) if self.is_ready(at) => Ok(at),
                Some(_) => Err(cannot_connect(host)),
                None => {
                    self.note_no_daemon("nothing listens on the Docker socket of this job");
                    Err(cannot_connect(host))
                }
            };
        }
        let address = host
            .split_once("://")
            .map_or(host, |(_, rest)| rest)
            .trim_end_matches('/');
        let (name, port) = address
            .rsplit_once(':')
            .unwrap_or((address, if endpoint.tls { "2376" } else { "2375" }));
        let Some(at) = self
            .daemons
            .iter()
            .position(|d| d.names.iter().any(|n| n == name))
        else {
            if self.note_pod_network(name) {
                return Err(cannot_connect(host));
            }
            self.explain_unknown_host(name);
            return Err(no_such_host(cli, host, name, endpoint.tls));
        };
        let daemon = self.daemons[at].clone();
        if !daemon.privileged {
            self.note_not_privileged();
            return Err(cannot_connect(host));
        }
        if !self.is_ready(at) {
            self.race();
            return Err(cannot_connect(host));
        }
        if port != daemon.port() {
            self.explain_port(&daemon, port);
            return Err(cannot_connect(host));
        }
        match (daemon.tls, endpoint.tls) {
            (true, false) => {
                self.note(
                    "dind-plain-to-tls",
                    "the client speaks plain HTTP to the daemon's TLS port: DOCKER_TLS_VERIFY and DOCKER_CERT_PATH are not both set",
                );
                self.exact = false;
                Err(
                    "(the daemon answers that plain HTTP reached a port that expects HTTPS)\n\
                     * Are you trying to connect to a TLS-enabled daemon without TLS?"
                        .to_owned(),
                )
            }
            (false, true) => {
                self.note(
                    "dind-tls-off-but-client-tls",
                    "the client speaks TLS, but the daemon listens without it",
                );
                self.exact = false;
                Err("error during connect: (the server does not speak TLS)".to_owned())
            }
            (true, true) | (false, false) => Ok(at),
        }
    }

    fn is_ready(&self, at: usize) -> bool {
        let ready_at = self.daemons.get(at).and_then(|d| d.ready_at);
        ready_at.is_some_and(|ready| ready <= self.clock)
    }

    fn note_no_daemon(&mut self, message: &str) {
        self.note("dind-service-missing", message.to_owned());
    }

    /// Services of a Kubernetes pod are on its own loopback address.
    fn note_pod_network(&mut self, name: &str) -> bool {
        let has_daemon = self.daemons.iter().any(|d| d.is_dind);
        if self.settings.executor != Some(Executor::Kubernetes) || !has_daemon {
            return false;
        }
        self.note_facts(
            "k8s-executor-host",
            format!("the service shares the pod's network, and nothing makes {name} a name of it"),
            &[("host", name)],
        );
        self.exact = false;
        true
    }

    fn explain_unknown_host(&mut self, name: &str) {
        let dind = self.daemons.iter().find(|d| d.is_dind);
        match dind.map(|d| d.names.join(", ")) {
            Some(names) => self.note_facts(
                "dind-alias-missing",
                format!("no service is reachable as {name}; the daemon's names are {names}"),
                &[("host", name)],
            ),
            None => self.note_no_daemon(&format!(
                "nothing is reachable as {name}: the job has no Docker service"
            )),
        }
    }

    fn explain_port(&mut self, daemon: &Daemon, port: &str) {
        if daemon.tls && port == "2375" {
            self.note(
                "dind-tls-port-mismatch",
                "DOCKER_HOST names port 2375, but the daemon listens with TLS on 2376 only",
            );
        } else if !daemon.tls {
            self.note(
                "dind-tls-off-but-client-tls",
                "the daemon listens without TLS on 2375, but the client connects to another port",
            );
        }
    }
}

const NO_CONNECTION: &str = "Cannot connect to the Docker daemon";

fn cannot_connect(host: &str) -> String {
    format!("{NO_CONNECTION} at {host}. Is the docker daemon running?")
}

fn no_such_host(cli: Version, host: &str, name: &str, tls: bool) -> String {
    if cli.at_least(29, 0) {
        return format!(
            "failed to connect to the docker API at {host}: lookup {name} on 10.0.0.2:53: no such host"
        );
    }
    let scheme = if tls { "https" } else { "http" };
    let address = host.split_once("://").map_or(host, |(_, rest)| rest);
    format!(
        "error during connect: Get \"{scheme}://{address}/_ping\": dial tcp: lookup {name} on 10.0.0.2:53: no such host"
    )
}
