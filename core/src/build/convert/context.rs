//! Named contexts (`--build-context NAME=VALUE`), which stand in for a stage or an image
//! (`dockerui/namedcontext.go`).

use crate::bases::Entry;
use crate::platform::Platform;
use crate::reference::Reference;

use super::super::graph::{Content, Vertex, VertexId};
use super::super::outcome::StepKind;
use super::image::Image;
use super::stage::{StageId, State};
use super::{Converter, Outcome};

impl Converter<'_> {
    /// The value given for a name, for this platform or for all.
    pub(super) fn named_context(&self, name: &str, platform: Option<&Platform>) -> Option<String> {
        if name.eq_ignore_ascii_case("scratch") || name.eq_ignore_ascii_case("context") {
            return None;
        }
        let contexts = &self.input.request.contexts;
        if contexts.is_empty() {
            return None;
        }
        let reference: Reference = name.parse().ok()?;
        let familiar = familiar(&reference);
        let platform = platform.unwrap_or(self.mode.target).normalised();
        contexts
            .get(&format!("{familiar}::{platform}"))
            .or_else(|| contexts.get(&familiar))
            .cloned()
    }

    /// Takes the context that replaces a stage or its base image, if there is one. Tells whether
    /// the stage is settled.
    pub(super) fn use_context(&mut self, id: StageId, platform: &Platform) -> Outcome<bool> {
        let whole = self.stages[id].context.clone();
        let base_name = self.stages[id].base_name.clone();
        let value = whole
            .clone()
            .or_else(|| self.named_context(&base_name, Some(platform)));
        let Some(value) = value else {
            return Ok(false);
        };
        let name = if whole.is_some() {
            self.stages[id].name.clone()
        } else {
            base_name
                .parse::<Reference>()
                .map_or(base_name, |reference| familiar(&reference))
        };
        let (loaded, image) = self.load_context(id, &name, &value, platform)?;
        let stage = &mut self.stages[id];
        stage.state = loaded;
        if whole.is_some() {
            stage.dispatched = true;
            if let Some(image) = image {
                stage.platform = Some(image.platform.clone());
                stage.image = image;
            }
        } else {
            stage.image = image.unwrap_or_else(|| Image::scratch(platform));
            stage.state.platform = Some(platform.normalised());
            stage.platform = Some(platform.clone());
        }
        Ok(true)
    }

    fn load_context(
        &mut self,
        id: StageId,
        name: &str,
        value: &str,
        platform: &Platform,
    ) -> Outcome<(State, Option<Image>)> {
        let Some((scheme, rest)) = value.split_once(':') else {
            // buildx turns a path into a local context before BuildKit sees it.
            return Ok((self.local_context(name, value), None));
        };
        match scheme {
            "docker-image" => {
                let text = rest.trim_start_matches("//");
                if text == super::from::SCRATCH {
                    return Ok((State::default(), None));
                }
                let reference: Reference = text.parse().map_err(|error| {
                    let error: crate::reference::ParseError = error;
                    error.to_string()
                })?;
                let reference = reference.with_default_tag();
                let found = self.look_up(text, &reference, platform)?;
                let entry: Option<&Entry> = found.entry.as_ref();
                let image = Image::of_base(entry, platform);
                self.note_base(id, text, platform, &found);
                let mut content = Content::new("image");
                content.text(&reference.to_string()).platform(platform);
                let label = format!("[context {name}] {reference}");
                let output = self.source(label, content, Some(platform.normalised()));
                let mut state = State {
                    output: Some(output),
                    platform: Some(image.platform.normalised()),
                    ..State::default()
                };
                for pair in &image.config.env {
                    let (key, value) = super::super::env::key_value(pair);
                    state.env.set(key, value);
                }
                if !image.config.working_dir.is_empty() {
                    state.dir.clone_from(&image.config.working_dir);
                }
                Ok((state, Some(image)))
            }
            "http" | "https" | "git" | "ssh" | "oci-layout" | "input" | "target" => {
                let mut content = Content::new("context");
                content.text(value);
                let label = format!("[context {name}] {value}");
                let output = Some(self.source(label, content, None));
                let state = State {
                    output,
                    ..State::default()
                };
                Ok((state, None))
            }
            _ => Ok((self.local_context(name, rest), None)),
        }
    }

    fn local_context(&mut self, name: &str, path: &str) -> State {
        let mut content = Content::new("local");
        content.text(name).text(path);
        let label = format!("[context {name}] load from client");
        State {
            output: Some(self.source(label, content, None)),
            ..State::default()
        }
    }

    /// A vertex without inputs.
    fn source(&mut self, name: String, content: Content, platform: Option<Platform>) -> VertexId {
        self.graph.add(Vertex {
            kind: StepKind::Source,
            name,
            platform,
            content,
            inputs: Vec::new(),
            links: Vec::new(),
            instruction: None,
            listed: true,
            grouped: false,
            fault: None,
        })
    }

    /// The build context's vertex.
    pub(super) fn build_context(&mut self) -> VertexId {
        if let Some(context) = self.context {
            return context;
        }
        let mut content = Content::new("local");
        content.text("context").context_paths();
        let name = "[internal] load build context".to_owned();
        let vertex = self.source(name, content, None);
        self.context = Some(vertex);
        vertex
    }
}

/// `alpine:3.20` for `docker.io/library/alpine:3.20`; without `:latest`.
fn familiar(reference: &Reference) -> String {
    let mut text = reference.familiar_name();
    if let Some(tag) = reference.tag.as_ref().filter(|tag| *tag != "latest") {
        text.push(':');
        text.push_str(tag);
    }
    if let Some(digest) = &reference.digest {
        text.push('@');
        text.push_str(digest.as_str());
    }
    text
}
