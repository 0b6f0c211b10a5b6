//! Reads recipes line by line.

use std::str::SplitWhitespace;

use super::{AttestForm, Compression, Failing, Fault, Format, Operation, Part, Recipe};
use crate::platform::Platform;
use crate::verify::{Depth, Waiver};

/// Why a recipe cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct RecipeError {
    /// From 1.
    pub line: usize,
    pub problem: Problem,
}

/// What is wrong with the line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error(
        "a recipe begins with `image` and its platforms, as in `image linux/amd64 linux/arm64`"
    )]
    NoImage,
    #[error("there is no operation `{0}`")]
    UnknownOperation(String),
    #[error("{0} is missing at the end of the line")]
    Missing(&'static str),
    #[error("`{0}` stands behind the end of the operation")]
    Surplus(String),
    #[error("`{word}` is not {wanted}")]
    Unexpected { word: String, wanted: &'static str },
    #[error("`{0}` is not a platform, such as linux/arm64")]
    NotAPlatform(String),
    #[error("the image has no platform {0}; name it in the `image` line or `add` it first")]
    NoSuchPlatform(String),
}

pub(super) fn recipe(text: &str) -> Result<Recipe, RecipeError> {
    let mut recipe: Option<Recipe> = None;
    let mut last = 0;
    for (at, line) in text.lines().enumerate() {
        last = at + 1;
        let line = line.split('#').next().unwrap_or_default();
        let mut words = Words {
            rest: line.split_whitespace(),
        };
        let Some(name) = words.rest.next() else {
            continue;
        };
        let done = match &mut recipe {
            None if name == "image" => words.image().map(|image| recipe = Some(image)),
            None => Err(Problem::NoImage),
            Some(recipe) => words.operation(name, recipe),
        };
        let done = done.and_then(|()| words.end());
        done.map_err(|problem| RecipeError {
            line: at + 1,
            problem,
        })?;
    }
    recipe.ok_or(RecipeError {
        line: last.max(1),
        problem: Problem::NoImage,
    })
}

/// The words of one line that are still to be read.
struct Words<'a> {
    rest: SplitWhitespace<'a>,
}

impl<'a> Words<'a> {
    fn next(&mut self, wanted: &'static str) -> Result<&'a str, Problem> {
        self.rest.next().ok_or(Problem::Missing(wanted))
    }

    fn end(&mut self) -> Result<(), Problem> {
        match self.rest.next() {
            Some(word) => Err(Problem::Surplus(word.to_owned())),
            None => Ok(()),
        }
    }

    /// One of a few words; its position among them.
    fn one_of(&mut self, wanted: &'static str, choices: &[&str]) -> Result<usize, Problem> {
        let word = self.next(wanted)?;
        choices
            .iter()
            .position(|choice| *choice == word)
            .ok_or_else(|| unexpected(word, wanted))
    }

    fn right(&mut self) -> Result<bool, Problem> {
        Ok(self.one_of("`right` or `wrong`", &["right", "wrong"])? == 0)
    }

    /// The `image` line itself.
    fn image(&mut self) -> Result<Recipe, Problem> {
        let platforms: Result<Vec<_>, _> = self.rest.by_ref().map(platform).collect();
        let platforms = platforms?;
        if platforms.is_empty() {
            return Err(Problem::Missing("a platform"));
        }
        Ok(Recipe {
            platforms,
            format: Format::default(),
            compression: Compression::default(),
            attest: None,
            operations: Vec::new(),
            demands: super::Demands::default(),
        })
    }

    /// A platform that one of the images has.
    fn of(&mut self, recipe: &Recipe) -> Result<Platform, Problem> {
        let word = self.next("a platform")?;
        let platform = platform(word)?;
        if recipe.images().any(|image| *image == platform) {
            Ok(platform)
        } else {
            Err(Problem::NoSuchPlatform(platform.to_string()))
        }
    }

    /// Any platform, normalised.
    fn platform(&mut self) -> Result<Platform, Problem> {
        platform(self.next("a platform")?)
    }

    fn path(&mut self) -> Result<String, Problem> {
        let word = self.next("a path")?;
        // Longer names do not fit a plain tar header, and no example needs them.
        let is_path = word.starts_with('/') && word.len() > 1 && word.len() < 90;
        if is_path && !word.ends_with('/') && !word.contains("//") {
            Ok(word.to_owned())
        } else {
            Err(unexpected(word, "an absolute path below 90 characters"))
        }
    }

    fn part(&mut self, recipe: &Recipe) -> Result<Part, Problem> {
        const WANTED: &str = "one of tag, index, manifest, config, layer, attestation";
        let word = self.next(WANTED)?;
        Ok(match word {
            "tag" => Part::Tag,
            "index" => Part::Index,
            "manifest" => Part::Manifest(self.of(recipe)?),
            "config" => Part::Config(self.of(recipe)?),
            "attestation" => Part::Attestation(self.of(recipe)?),
            "layer" => {
                if self.rest.clone().next() == Some("shared") {
                    self.rest.next();
                    Part::SharedLayer
                } else {
                    Part::Layer(self.of(recipe)?)
                }
            }
            _ => return Err(unexpected(word, WANTED)),
        })
    }

    fn operation(&mut self, name: &str, recipe: &mut Recipe) -> Result<(), Problem> {
        if self.setting(name, recipe)? {
            return Ok(());
        }
        let operation = match self.change(name, recipe)? {
            Some(operation) => operation,
            None => match self.fault(name, recipe)? {
                Some((on, fault)) => Operation::Fault { on, fault },
                None => return Err(Problem::UnknownOperation(name.to_owned())),
            },
        };
        recipe.operations.push(operation);
        Ok(())
    }

    /// What holds for the whole image, and what is demanded of it.
    fn setting(&mut self, name: &str, recipe: &mut Recipe) -> Result<bool, Problem> {
        let demands = &mut recipe.demands;
        match name {
            "format" => {
                let choices = [Format::Oci, Format::Docker];
                let at = self.one_of("`oci` or `docker`", &["oci", "docker"])?;
                recipe.format = choices[at];
            }
            "compression" => {
                let choices = [Compression::Gzip, Compression::Zstd, Compression::None];
                let at = self.one_of("`gzip`, `zstd` or `none`", &["gzip", "zstd", "none"])?;
                recipe.compression = choices[at];
            }
            "attest" => {
                recipe.attest = Some(match self.rest.next() {
                    None => AttestForm::Artifact,
                    Some("image") => AttestForm::Image,
                    Some(word) => return Err(unexpected(word, "`image` or nothing")),
                });
            }
            "exact" => demands.exact = true,
            "strict" => demands.strict = true,
            "deep" => {
                demands.depth = match self.rest.next() {
                    None => Depth::AllLayers,
                    Some("shared") => Depth::SharedLayers,
                    Some(word) => return Err(unexpected(word, "`shared` or nothing")),
                };
            }
            "require" => {
                let list = self.next("a list of platforms")?;
                let platforms: Result<Vec<_>, _> = match list {
                    "nothing" => Ok(Vec::new()),
                    _ => list.split(',').map(platform).collect(),
                };
                demands.require = Some(platforms?);
            }
            "expect-digest" => demands.expect_digest = Some(self.right()?),
            "dockerfile" => demands.dockerfile = Some(self.right()?),
            "same-as" => demands.same_as = Some(self.right()?),
            "allow" => demands.waivers.push(self.waiver()?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// `RULE[:GLOB]=REASON`; the reason is the rest of the line.
    fn waiver(&mut self) -> Result<Waiver, Problem> {
        const WANTED: &str = "a waiver, RULE[:GLOB]=REASON";
        let words: Vec<&str> = self.rest.by_ref().collect();
        let text = words.join(" ");
        let Some((what, reason)) = text.split_once('=') else {
            return Err(unexpected(&text, WANTED));
        };
        let (rule, path) = match what.split_once(':') {
            Some((rule, path)) => (rule, Some(path.to_owned())),
            None => (what, None),
        };
        if rule.is_empty() || reason.is_empty() {
            return Err(unexpected(&text, WANTED));
        }
        Ok(Waiver {
            rule: rule.to_owned(),
            path,
            platform: None,
            reason: reason.to_owned(),
        })
    }

    /// What changes the image consistently.
    fn change(&mut self, name: &str, recipe: &Recipe) -> Result<Option<Operation>, Problem> {
        Ok(Some(match name {
            "nest" => Operation::Nest,
            "schema1" => Operation::Schema1,
            "single" => Operation::Single(self.of(recipe)?),
            "drop" => Operation::Drop(self.of(recipe)?),
            "add" => Operation::Add(self.platform()?),
            "duplicate" => Operation::Duplicate(self.of(recipe)?),
            "same" => {
                let entry = self.of(recipe)?;
                self.one_of("`as`", &["as"])?;
                let manifest_of = self.of(recipe)?;
                Operation::Same { entry, manifest_of }
            }
            "entry" => self.entry(recipe)?,
            "config" => {
                let image = self.of(recipe)?;
                self.one_of("`says`", &["says"])?;
                let says = written(self.next("a platform")?)?;
                Operation::ConfigSays { image, says }
            }
            "binary" => Operation::Binary {
                image: self.of(recipe)?,
                cpu: self.platform()?,
            },
            "file" => Operation::File {
                image: self.of(recipe)?,
                path: self.path()?,
                cpu: Some(self.platform()?),
            },
            "data-file" => Operation::File {
                image: self.of(recipe)?,
                path: self.path()?,
                cpu: None,
            },
            "whiteout" => Operation::Whiteout {
                image: self.of(recipe)?,
                path: self.path()?,
            },
            "diff-ids" => {
                let image = self.of(recipe)?;
                match self.one_of("`short` or `wrong`", &["short", "wrong"])? {
                    0 => Operation::DiffIdsShort(image),
                    _ => Operation::DiffIdsWrong(image),
                }
            }
            "orphan" => {
                self.one_of("`attestation`", &["attestation"])?;
                Operation::OrphanAttestation
            }
            "tag" => {
                self.one_of("`moves`", &["moves"])?;
                Operation::TagMoves
            }
            _ => return Ok(None),
        }))
    }

    fn entry(&mut self, recipe: &Recipe) -> Result<Operation, Problem> {
        if self.rest.clone().next() == Some("unknown") {
            self.rest.next();
            return Ok(Operation::EntryUnknown);
        }
        let entry = self.of(recipe)?;
        let says = if self.one_of("`says` or `without`", &["says", "without"])? == 0 {
            Some(written(self.next("a platform")?)?)
        } else {
            self.one_of("`platform`", &["platform"])?;
            None
        };
        Ok(Operation::EntrySays { entry, says })
    }

    /// What breaks one part.
    fn fault(&mut self, name: &str, recipe: &Recipe) -> Result<Option<(Part, Fault)>, Problem> {
        let plain = match name {
            "delete" => Some(Fault::Deleted),
            "cut" => Some(Fault::Cut),
            "trail" => Some(Fault::Trailing),
            "foreign" => Some(Fault::Foreign),
            "duplicate-key" => Some(Fault::DuplicateKey),
            "case-key" => Some(Fault::CaseKey),
            "both-shapes" => Some(Fault::BothShapes),
            "not-json" => Some(Fault::NotJson),
            "deep-json" => Some(Fault::DeepJson),
            "no-head" => Some(Fault::NoHead),
            "unauthorized" => Some(Fault::Failing(Failing::Unauthorized)),
            "rate-limited" => Some(Fault::Failing(Failing::RateLimited)),
            "server-error" => Some(Fault::Failing(Failing::ServerError)),
            "unreachable" => Some(Fault::Failing(Failing::Unreachable)),
            _ => None,
        };
        if let Some(fault) = plain {
            let is_alone = self.rest.clone().next().is_none();
            let part = match fault {
                Fault::Failing(_) if is_alone => Part::Tag,
                _ => self.part(recipe)?,
            };
            return Ok(Some((part, fault)));
        }
        let details = [
            "flip",
            "size",
            "data",
            "digest",
            "type",
            "content-type",
            "header-digest",
        ];
        if !details.contains(&name) {
            return Ok(None);
        }
        let part = self.part(recipe)?;
        let fault = match name {
            "flip" => match self.rest.next() {
                None => Fault::Flipped,
                Some("once") => Fault::FlippedOnce,
                Some(word) => return Err(unexpected(word, "`once` or nothing")),
            },
            "size" => {
                let word = self.next("a difference such as +7")?;
                let number = word.strip_prefix('+').unwrap_or(word).parse();
                Fault::Size(number.map_err(|_| unexpected(word, "a difference such as +7"))?)
            }
            "data" => Fault::Data {
                right: self.right()?,
            },
            "digest" => Fault::Algorithm(self.next("an algorithm such as blake3")?.to_owned()),
            "type" => Fault::MediaType(self.next("a media type")?.to_owned()),
            "content-type" => {
                let words: Vec<&str> = self.rest.by_ref().collect();
                match words[..] {
                    [] => return Err(Problem::Missing("a media type or `none`")),
                    ["none"] => Fault::ContentType(None),
                    _ => Fault::ContentType(Some(words.join(" "))),
                }
            }
            _ => match self.one_of("`lies` or `none`", &["lies", "none"])? {
                0 => Fault::HeaderDigestLies,
                _ => Fault::HeaderDigestMissing,
            },
        };
        Ok(Some((part, fault)))
    }
}

fn unexpected(word: &str, wanted: &'static str) -> Problem {
    Problem::Unexpected {
        word: word.to_owned(),
        wanted,
    }
}

/// A platform, normalised.
fn platform(text: &str) -> Result<Platform, Problem> {
    text.parse()
        .map_err(|_| Problem::NotAPlatform(text.to_owned()))
}

/// A platform exactly as it is to stand in a document: `linux/arm64/v8` keeps its variant.
fn written(text: &str) -> Result<Platform, Problem> {
    let parsed = platform(text)?;
    let mut parts = text.split('/');
    let (_, Some(architecture)) = (parts.next(), parts.next()) else {
        return Ok(parsed);
    };
    Ok(Platform {
        architecture: architecture.to_owned(),
        variant: parts.next().unwrap_or_default().to_owned(),
        ..parsed
    })
}
