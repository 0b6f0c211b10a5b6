//! `config-unexpected`.

use crate::diagnostic::Severity;
use crate::rules::{Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::promise::{self, Difference, Promise};

declare_rule! {
    /// ## What happens
    /// With `--dockerfile`, an image's config is not what the Dockerfile says it must be: another
    /// entrypoint, a missing variable, a label of an older version, a base that was exchanged.
    /// The tag was built from another file, with other arguments, or pushed by another job.
    /// Labels that a builder adds by itself are only said.
    /// History is compared only where BuildKit wrote it.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// dockerfile wrong
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// dockerfile right
    /// ```
    /// ## Sources
    /// OCI image-spec `config.md`; BuildKit `frontend/dockerfile/dockerfile2llb/convert.go`.
    pub ConfigUnexpected {
        name: "config-unexpected",
        severity: Error,
        group: Image,
        title: "An image is not what its Dockerfile says",
        title_zh: "镜像与 Dockerfile 不符",
        since: "0.1.0",
        waivable: true,
    }
}

impl Rule for ConfigUnexpected {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (node, found, config) in image.configs() {
            let platform = node.platform().map(crate::platform::Platform::normalised);
            let promises = image.expectation.promises.iter();
            let promise = promises
                .into_iter()
                .find(|p| Some(&p.platform) == platform.as_ref());
            let Some(promise) = promise else { continue };
            for difference in promise::differences(promise, config) {
                let severity = if difference.is_builders_label {
                    Severity::Info
                } else {
                    Severity::Error
                };
                let place = node.place_of(Some(&found.manifest.config.digest));
                out.report_as(self, severity, place, text(promise, &difference), None);
            }
        }
    }
}

fn text(promise: &Promise, difference: &Difference) -> Text {
    let Difference {
        field,
        promised,
        actual,
        line,
        ..
    } = difference;
    let source = match (line, &promise.base) {
        (Some(line), _) => format!("line {line} of the Dockerfile"),
        (None, Some(base)) => format!("the Dockerfile with its base {base}"),
        (None, None) => "the Dockerfile".to_owned(),
    };
    let field = format!("{field} of {}", promise.platform);
    let what = match (actual, promised) {
        (Some(actual), Some(promised)) => {
            format!("{field} is `{actual}`, but {source} makes it `{promised}`")
        }
        (Some(actual), None) => format!("{field} is `{actual}`, and {source} does not set it"),
        (None, promised) => {
            let promised = promised.as_deref().unwrap_or_default();
            format!("{field} is not set, but {source} makes it `{promised}`")
        }
    };
    let why = if difference.is_builders_label {
        "The tool that built the image adds this label by itself."
    } else {
        "The tag was built from another Dockerfile, with other arguments, or by another job."
    };
    let next = if difference.is_builders_label {
        "Nothing needs to be done."
    } else {
        "Build and push the tag again from this Dockerfile, or verify with the `--build-arg` and \
         `--target` that it was built with."
    };
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}
