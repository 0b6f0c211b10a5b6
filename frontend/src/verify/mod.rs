//! Verifying a tag in the browser: drives core's walk, and keeps what the page shows besides.
//!
//! Every cap and every digest check is the walk's; this only moves bytes and looks at the clock.

mod archive;
mod http;
mod tree;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::{Array, Promise};
use polyarch_core::demo;
use polyarch_core::digest::Digest;
use polyarch_core::platform::Platform;
use polyarch_core::reference::{Reference, Target};
use polyarch_core::rules;
use polyarch_core::verify::{
    Answer, Ask, Depth, Evidence, Expectation, Limits, Report, Request, Walk,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::File;
use yew::Callback;

use crate::browser;
use archive::Archive;

pub(crate) use tree::{Kind, Row, State};
use tree::{known_rows, rows};

/// A verification that is over.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    /// What was verified, as the command line takes it.
    pub(crate) name: String,
    /// `None` for an archive.
    pub(crate) reference: Option<Reference>,
    pub(crate) platforms: Vec<Platform>,
    pub(crate) source: Source,
    pub(crate) report: Report,
    pub(crate) evidence: Rc<Evidence>,
    pub(crate) rows: Vec<Row>,
    pub(crate) cost: Cost,
}

/// What is known while a verification runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Partial {
    pub(crate) name: String,
    pub(crate) rows: Vec<Row>,
}

/// Where the bytes came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// The demo registry of the server that the page came from.
    Server,
    /// The server's gateway to another registry.
    Gateway,
    /// Example images, made in this page.
    Memory,
    /// A file that the user chose; its layers were read too.
    Archive,
}

/// What it took.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Cost {
    pub(crate) requests: usize,
    /// Bytes of all documents received.
    pub(crate) bytes: usize,
    pub(crate) rounds: usize,
    /// In milliseconds.
    pub(crate) time: f64,
}

/// Who answers a walk's questions.
#[derive(Clone)]
enum Driver {
    /// URL under which a repository's `manifests` and `blobs` are.
    Http(String),
    Memory {
        repository: String,
        registry: Rc<RefCell<demo::Registry>>,
    },
    Archive(Rc<Archive>),
}

/// Whether the server that the page came from has a demo registry.
pub(crate) async fn has_registry() -> bool {
    match browser::origin() {
        Some(origin) => http::is_there(&format!("{origin}/v2/")).await,
        None => false,
    }
}

/// The host that stands in the examples' references.
pub(crate) fn demo_host() -> String {
    browser::host().unwrap_or_else(|| "localhost".to_owned())
}

/// Fetches, hashes and judges what a reference names. Total: a failure is part of the report.
pub(crate) async fn verify(
    reference: Reference,
    platforms: Vec<Platform>,
    served: bool,
    onstep: Callback<Partial>,
) -> Outcome {
    let (source, driver) = driver(&reference, served);
    let walk = Walk::new(reference.target(), Depth::Documents, Limits::default());
    let subject = Subject {
        name: reference.to_string(),
        reference: Some(reference),
        source,
    };
    drive(walk, driver, subject, platforms, onstep).await
}

/// Verifies an archive where it lies, layers included; `onread` is told of bytes as they are read.
///
/// # Errors
/// Why the file is no archive of an image.
pub(crate) async fn verify_archive(
    file: File,
    platforms: Vec<Platform>,
    onread: Callback<u64>,
    onstep: Callback<Partial>,
) -> Result<Outcome, String> {
    let name = file.name();
    let archive = Archive::open(file, onread).await?;
    let walk = Walk::new(archive.target.clone(), Depth::AllLayers, Limits::default());
    let subject = Subject {
        name: format!("{}:{name}", archive.kind),
        reference: None,
        source: Source::Archive,
    };
    let driver = Driver::Archive(Rc::new(archive));
    Ok(drive(walk, driver, subject, platforms, onstep).await)
}

/// What is verified.
struct Subject {
    name: String,
    reference: Option<Reference>,
    source: Source,
}

/// A walk and what its answers have cost so far.
#[derive(Clone)]
struct Course {
    walk: Walk,
    cost: Cost,
    times: BTreeMap<Digest, f64>,
    name: String,
    onstep: Callback<Partial>,
}

async fn drive(
    walk: Walk,
    driver: Driver,
    subject: Subject,
    platforms: Vec<Platform>,
    onstep: Callback<Partial>,
) -> Outcome {
    let expectation = Expectation::of(platforms.clone());
    let start = browser::now();
    let course = Rc::new(RefCell::new(Course {
        walk,
        cost: Cost::default(),
        times: BTreeMap::new(),
        name: subject.name.clone(),
        onstep,
    }));
    loop {
        let wave: Vec<Request> = std::iter::from_fn(|| course.borrow_mut().walk.poll()).collect();
        if wave.is_empty() {
            break;
        }
        carry_out(wave, &driver, &course).await;
    }
    let Course {
        walk,
        mut cost,
        times,
        ..
    } = Course::clone(&course.borrow());
    cost.time = browser::now() - start;
    let evidence = walk.finish();
    let report = rules::judge(&evidence, &expectation);
    let rows = rows(&evidence, &report, &expectation, &times);
    Outcome {
        name: subject.name,
        reference: subject.reference,
        platforms,
        source: subject.source,
        report,
        evidence: Rc::new(evidence),
        rows,
        cost,
    }
}

impl Course {
    /// Takes an answer, and tells what is known with it.
    fn take(&mut self, request: &Request, answer: Answer, time: f64) {
        let hashed = browser::now();
        let digest = named(&request.ask, &answer);
        self.cost.requests += 1;
        if let Answer::Document(received) = &answer {
            self.cost.bytes += received.body.len();
        }
        self.walk.handle(request.id, answer);
        if let Some(digest) = digest {
            self.times.insert(digest, time + browser::now() - hashed);
        }
        let rows = known_rows(&self.walk.clone().finish(), &self.times);
        self.onstep.emit(Partial {
            name: self.name.clone(),
            rows,
        });
    }
}

fn driver(reference: &Reference, served: bool) -> (Source, Driver) {
    let origin = browser::origin().unwrap_or_default();
    let own = reference.host == demo_host();
    if own && !served {
        let registry = Rc::new(RefCell::new(demo::registry()));
        let repository = reference.path.clone();
        return (
            Source::Memory,
            Driver::Memory {
                repository,
                registry,
            },
        );
    }
    let (source, base) = if own {
        (Source::Server, format!("{origin}/v2/{}", reference.path))
    } else {
        (
            Source::Gateway,
            format!("{origin}/gateway/{}/{}", reference.host, reference.path),
        )
    };
    (source, Driver::Http(base))
}

/// Sends all requests at once and waits for all answers; each is taken as it comes.
async fn carry_out(wave: Vec<Request>, driver: &Driver, course: &Rc<RefCell<Course>>) {
    course.borrow_mut().cost.rounds += 1;
    let promises = Array::new();
    for request in wave {
        let (course, driver) = (Rc::clone(course), driver.clone());
        promises.push(&future_to_promise(async move {
            let start = browser::now();
            let answer = driver.answer(&request.ask).await;
            course
                .borrow_mut()
                .take(&request, answer, browser::now() - start);
            Ok(JsValue::NULL)
        }));
    }
    // No promise here is ever rejected.
    let _ = JsFuture::from(Promise::all(&promises)).await;
}

impl Driver {
    async fn answer(&self, ask: &Ask) -> Answer {
        match self {
            Self::Http(base) => http::answer(base, ask).await,
            Self::Memory {
                repository,
                registry,
            } => registry.borrow_mut().answer(repository, ask),
            Self::Archive(archive) => archive.answer(ask).await,
        }
    }
}

/// The digest that a request is about; for a tag, that of the answer.
fn named(ask: &Ask, answer: &Answer) -> Option<Digest> {
    match (ask, answer) {
        (
            Ask::Manifest {
                target: Target::Tag(_),
                ..
            },
            Answer::Document(received),
        ) => Some(Digest::sha256(&received.body)),
        (
            Ask::Manifest {
                target: Target::Digest(digest),
                ..
            }
            | Ask::Blob { digest, .. }
            | Ask::BlobHead { digest }
            | Ask::BlobProbe { digest },
            _,
        ) => Some(digest.clone()),
        (Ask::Layer { descriptor }, _) => Some(descriptor.digest.clone()),
        (Ask::Manifest { .. } | Ask::ManifestHead { .. }, _) => None,
    }
}
