//! `binary-platform-mismatch`.

use std::collections::BTreeMap;

use crate::diagnostic::{Place, Severity, Subject};
use crate::digest::Digest;
use crate::platform::Platform;
use crate::rules::programs::{Places, Visible, judge, predicted, shown, visible};
use crate::rules::{BuildFacts, Findings, ImageFacts, Metadata, Rule, Text, declare_rule};
use crate::verify::{Node, Program};

/// Most findings of severity info for one kind of program in one layer; the others are counted.
const MOST_SAID: usize = 5;

declare_rule! {
    /// ## What happens
    /// With `--deep`, an image holds a program or a shared library for another CPU than its platform.
    /// Index and config say the right thing, the pull succeeds, and the container ends in
    /// `exec format error`.
    /// It comes about when a program built on the host is copied into all images, when a cross-compiler is
    /// not told its target, or when the base image was for another platform.
    /// Programs for i386 in an amd64 image are only said; 32-bit arm programs in an arm64 image are a warning.
    /// Emulators (`qemu-*`), test data, firmware, and what lies in a folder that names the other CPU
    /// (`/usr/aarch64-linux-gnu`) are only said.
    /// So are programs of another operating system, unless they are on the `PATH` or what the container starts.
    /// A file that a later layer replaces or removes does not count; neither do object files and eBPF programs.
    /// A layer that several platforms share is right for at most one of them as soon as it holds a program.
    /// `polyarch preview` says it before the push, of files whose CPU follows from the Dockerfile.
    /// ## Fails
    /// ```image,fails
    /// image linux/amd64 linux/arm64
    /// binary linux/arm64 amd64
    /// deep
    /// ```
    /// ```dockerfile,fails
    /// FROM debian AS build
    /// RUN aarch64-linux-gnu-gcc -static -o /hello hello.c
    /// FROM scratch
    /// COPY --from=build /hello /hello
    /// ```
    /// ## Passes
    /// ```image,passes
    /// image linux/amd64 linux/arm64
    /// deep
    /// ```
    /// ## Sources
    /// The founding post's list of what not to copy; calico pull request 13203; ELF `e_machine`.
    pub BinaryPlatformMismatch {
        name: "binary-platform-mismatch",
        severity: Error,
        group: Image,
        title: "A program is for another CPU",
        title_zh: "程序属于其他 CPU 架构",
        since: "0.1.0",
        why_zh: "容器在该平台上启动这个程序时会以 `exec format error` 结束。",
        waivable: true,
        pitfalls: ["VERIFY-CONFIG-ARCH-LIES"],
    }
}

impl Rule for BinaryPlatformMismatch {
    fn metadata(&self) -> &'static Metadata {
        &Self::METADATA
    }

    fn check_image(&self, image: &ImageFacts<'_>, out: &mut Findings) {
        for (node, found) in image.images() {
            let platform = node.platform().filter(|platform| !platform.is_unknown());
            let Some(platform) = platform.map(Platform::normalised) else {
                continue;
            };
            let places = Places::of(found.config.read());
            let mut said: BTreeMap<(&Digest, &Program), usize> = BTreeMap::new();
            for visible in visible(image, &found.manifest.layers) {
                let Some(severity) = judge(&platform, &places, visible.path, visible.program)
                else {
                    continue;
                };
                if severity == Severity::Info {
                    let count = said.entry((visible.layer, visible.program)).or_default();
                    *count += 1;
                    if *count > MOST_SAID {
                        continue;
                    }
                }
                let subject = Subject::File {
                    layer: visible.layer.clone(),
                    path: visible.path.to_owned(),
                };
                let place = Place::Image {
                    platform: Some(platform.clone()),
                    subject: Some(subject),
                };
                let text = text(image, &platform, visible, severity);
                out.report_as(self, severity, place, text, None);
            }
            for ((layer, program), count) in said {
                if count > MOST_SAID {
                    self.report_others(node, layer, program, count - MOST_SAID, out);
                }
            }
        }
    }

    /// The same of an image that is not pushed yet, as far as its files are known.
    fn check_build(&self, build: &BuildFacts<'_>, out: &mut Findings) {
        for foreign in predicted::foreign(build, out) {
            let text = foreign.text();
            let place = build.place(foreign.instruction.keyword.span, Some(foreign.platform));
            out.report_as(self, foreign.severity, place, text, None);
        }
    }
}

impl BinaryPlatformMismatch {
    fn report_others(
        self,
        node: &Node,
        layer: &Digest,
        program: &Program,
        count: usize,
        out: &mut Findings,
    ) {
        let what = format!(
            "{count} more files in layer {} of the {} are programs for {}",
            layer.short(),
            node.name(),
            shown(program)
        );
        let text = Text {
            what,
            why: "They are like those that are listed.".into(),
            next: "Nothing, if they are meant to be there.".into(),
        };
        let place = node.place_of(Some(layer));
        out.report_as(&self, Severity::Info, place, text, None);
    }
}

fn text(
    image: &ImageFacts<'_>,
    platform: &Platform,
    visible: Visible<'_>,
    severity: Severity,
) -> Text {
    let what = format!(
        "{} in the image for {platform} is a program for {}",
        visible.path,
        shown(visible.program)
    );
    let sharing: Vec<String> = image
        .layer_platforms(visible.layer)
        .iter()
        .filter(|other| !other.is_same(platform))
        .map(ToString::to_string)
        .collect();
    let why = match severity {
        Severity::Error => {
            "The label is right and the content is not: it ends in `exec format error`, or runs \
             under emulation where there is one."
        }
        Severity::Warning => "It runs only where the machine's CPU and kernel still do 32 bit.",
        Severity::Info => "It looks like something that the image does not run by itself.",
    };
    let why = match sharing.as_slice() {
        [] => why.to_owned(),
        sharing => format!(
            "{why} Its layer {} is shared with {}, and a layer with programs is right for one CPU \
             only.",
            visible.layer.short(),
            sharing.join(", ")
        ),
    };
    let next = match severity {
        Severity::Info => "Nothing, if it is meant to be there.",
        Severity::Error | Severity::Warning => {
            "Build it in the Dockerfile for `$TARGETARCH`, or copy the file built for each \
             platform; `--allow` it by its path if it is meant to be there."
        }
    };
    Text {
        what,
        why: why.into(),
        next: next.into(),
    }
}
