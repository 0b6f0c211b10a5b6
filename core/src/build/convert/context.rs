//! Named contexts (`--build-context NAME=VALUE`), which stand in for a stage or an image
//! (`dockerui/namedcontext.go`).

use crate::platform::Platform;
use crate::reference::Reference;

use super::super::graph::{Content, Vertex, VertexId};
use super::super::outcome::StepKind;
use super::super::remote::{self, Source};
use super::image::Image;
use super::stage::{StageId, State};
use super::{Converter, Outcome};

/// A `--build-context` that is in force for a name.
#[derive(Debug, Clone)]
pub(super) struct NamedContext {
    /// As the command line names it, with `::PLATFORM` where it is for one platform only.
    key: String,
    value: String,
    /// The platform that an image is pulled for; `--check` asks for none.
    platform: Option<Platform>,
}

/// A state, and the image's config where the context is an image.
type Loaded = (State, Option<Image>);

impl Converter<'_> {
    /// The context for a name, for this platform or for all.
    pub(super) fn named_context(
        &self,
        name: &str,
        platform: Option<&Platform>,
    ) -> Outcome<Option<NamedContext>> {
        if name.eq_ignore_ascii_case("scratch") || name.eq_ignore_ascii_case("context") {
            return Ok(None);
        }
        let reference: Reference = name.parse().map_err(|error| {
            let error: crate::reference::ParseError = error;
            format!("invalid context name {name}: {error}")
        })?;
        let contexts = &self.input.request.contexts;
        if contexts.is_empty() {
            return Ok(None);
        }
        let asked = platform.or((!self.mode.check).then_some(self.mode.target));
        let familiar = familiar(&reference);
        let own = asked.unwrap_or(self.mode.target).normalised();
        let found = contexts
            .get_key_value(&format!("{familiar}::{own}"))
            .or_else(|| contexts.iter().find(|(key, _)| as_buildx(key) == familiar));
        Ok(found.map(|(key, value)| NamedContext {
            key: as_buildx(key),
            value: value.clone(),
            platform: asked.cloned(),
        }))
    }

    /// Takes the context that replaces a stage or its base image, if there is one. Tells whether
    /// the stage is settled.
    pub(super) fn use_context(&mut self, id: StageId, platform: &Platform) -> Outcome<bool> {
        if let Some(whole) = self.stages[id].context.clone() {
            let (loaded, image) = self.load_context(id, &whole)?;
            let stage = &mut self.stages[id];
            stage.state = loaded;
            stage.dispatched = true;
            stage.image.exact = true;
            if let Some(image) = image {
                stage.platform = Some(image.platform.clone());
                stage.image = image;
            }
            return Ok(true);
        }
        let base_name = self.stages[id].base_name.clone();
        let Some(context) = self.named_context(&base_name, Some(platform))? else {
            return Ok(false);
        };
        let (loaded, image) = self.load_context(id, &context)?;
        let stage = &mut self.stages[id];
        stage.state = loaded;
        stage.image = image.unwrap_or_else(|| Image::scratch(platform));
        stage.state.platform = Some(platform.normalised());
        stage.platform = Some(platform.clone());
        Ok(true)
    }

    fn load_context(&mut self, id: StageId, context: &NamedContext) -> Outcome<Loaded> {
        let NamedContext { key, value, .. } = context;
        if let Some(text) = value.strip_prefix("docker-image://") {
            return self.image_context(id, context, text);
        }
        if value.starts_with("oci-layout://") {
            let label = format!("[context {key}] OCI load from client");
            let platform = context.platform.as_ref().unwrap_or(self.mode.target);
            let mut image = Image::of_base(None, platform);
            image.platform = platform.normalised();
            let state = self.outside(label, value, Some(&image.platform.clone()));
            return Ok((state, Some(image)));
        }
        if value.starts_with("target:") || value.starts_with("input:") {
            return Ok((
                self.outside(format!("[context {key}] {value}"), value, None),
                None,
            ));
        }
        let is_url = value.starts_with("http://") || value.starts_with("https://");
        let remote = remote::source(value);
        let is_path = matches!(remote, Ok(Source::Path | Source::Http { .. }));
        if is_path && !is_url && !value.starts_with("github.com/") {
            // buildx turns a path into a local context before BuildKit sees it.
            let label = format!("[context {key}] load from client");
            return Ok((self.outside(label, value, None), None));
        }
        let Some((scheme, _)) = value.split_once(':') else {
            return Err(format!("invalid context specifier {value} for {key}").into());
        };
        if !is_url && scheme != "git" && !scheme.starts_with("git@") {
            return Err(format!("unsupported context source {scheme} for {key}").into());
        }
        let label = match remote? {
            Source::Git(_) => format!("[internal] load git source {value}"),
            Source::Http { .. } | Source::Path => format!("[context {key}] {value}"),
        };
        Ok((self.outside(label, value, None), None))
    }

    fn image_context(
        &mut self,
        id: StageId,
        context: &NamedContext,
        text: &str,
    ) -> Outcome<Loaded> {
        if text == super::from::SCRATCH {
            return Ok((State::default(), None));
        }
        let reference: Reference = text.parse().map_err(|error| {
            let error: crate::reference::ParseError = error;
            error.to_string()
        })?;
        let reference = reference.with_default_tag();
        let platform = context.platform.as_ref().unwrap_or(self.mode.target);
        let found = self.find(&reference, platform)?;
        let image = Image::of_base(found.entry.as_ref(), platform);
        self.note_base(id, text, platform, &found);
        let label = format!("[context {}] {text}", context.key);
        let wanted = platform.clone();
        let mut identity = Content::new("image");
        identity.text(&reference.to_string()).platform(&wanted);
        let mut state = State {
            output: Some(self.source(label, identity, Some(wanted.normalised()))),
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

    /// What a context brings, with nothing but its files known. `value` and platform tell one
    /// from another.
    fn outside(&mut self, label: String, value: &str, platform: Option<&Platform>) -> State {
        let mut content = Content::new("context");
        content.text(value);
        if let Some(platform) = platform {
            content.platform(platform);
        }
        let output = self.source(label, content, platform.map(Platform::normalised));
        State {
            output: Some(output),
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

/// A context's name as buildx hands it on: in its short form, and as it is with a platform.
fn as_buildx(key: &str) -> String {
    key.parse::<Reference>()
        .map_or_else(|_| key.to_owned(), |reference| familiar(&reference))
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
