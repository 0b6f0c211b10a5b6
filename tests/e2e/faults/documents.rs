//! Documents and headers: wrong, missing, ambiguous, changed on the way.

use super::case::{Case, case};
use super::script::{Action, body, drop_header, header, on, on_layers, status};

const TAG: &str = "/manifests/example";
const CHILD: &str = "/manifests/sha256:";
const BLOB: &str = "/blobs/";
const ARM64: &str = "image linux/amd64 linux/arm64\n";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = healthy();
    cases.extend(broken_images());
    cases.extend(headers());
    cases.extend(changed_bodies());
    cases
}

fn healthy() -> Vec<Case> {
    vec![
        case("a good OCI tag passes"),
        case("a good tag with Docker's types passes")
            .image("image linux/amd64 linux/arm64\nformat docker"),
        case("attestations are no platforms").image("image linux/amd64 linux/arm64\nattest"),
        case("attestations in the older form are no platforms")
            .image("image linux/amd64 linux/arm64\nattest image"),
        case("uncompressed layers are fine")
            .image("image linux/amd64 linux/arm64\ncompression none"),
        case("zstd layers are fine").image("image linux/amd64 linux/arm64\ncompression zstd"),
        case("a further platform is fine").image("image linux/amd64 linux/arm64 linux/riscv64"),
        case("a nested index is followed").image("image linux/amd64 linux/arm64\nnest"),
        case("arm64/v8 in the index is arm64")
            .image("image linux/amd64 linux/arm64\nentry linux/arm64 says linux/arm64/v8"),
        case("arm64/v8 in the config is arm64")
            .image("image linux/amd64 linux/arm64\nconfig linux/arm64 says linux/arm64/v8"),
        case("an entry without platform takes its config's")
            .image("image linux/amd64 linux/arm64\nentry linux/arm64 without platform"),
        case("a bare manifest of the one required platform passes")
            .image("image linux/amd64\nsingle linux/amd64")
            .arg("--platform=linux/amd64"),
        case("x86_64 and aarch64 are names of the required platforms")
            .arg("--platform=linux/x86_64,linux/aarch64"),
        case("embedded content that is right is fine")
            .image("image linux/amd64 linux/arm64\ndata config linux/arm64 right"),
        case("a layer that is kept elsewhere is no error").image(
            "image linux/amd64 linux/arm64\nforeign layer linux/arm64\ndelete layer linux/arm64",
        ),
    ]
}

fn broken_images() -> Vec<Case> {
    let image = |says, recipe, rules| case(says).image(recipe).gives(1, rules);
    vec![
        image(
            "a missing platform fails",
            "image linux/amd64 linux/arm64\ndrop linux/arm64",
            "error:platform-missing",
        ),
        image(
            "an index without entries fails",
            "image linux/amd64 linux/arm64\ndrop linux/arm64\ndrop linux/amd64",
            "error:platform-missing",
        ),
        image(
            "arm/v6 does not serve arm/v7",
            "image linux/amd64 linux/arm/v6",
            "error:platform-missing",
        )
        .arg("--platform=linux/amd64,linux/arm/v7"),
        image(
            "a bare manifest does not serve two platforms",
            "image linux/amd64 linux/arm64\nsingle linux/amd64",
            "error:single-platform-manifest error:platform-missing",
        ),
        image(
            "a bare manifest of another platform is missing the required one",
            "image linux/amd64 linux/arm64\nsingle linux/amd64",
            "error:platform-missing",
        )
        .arg("--platform=linux/arm64"),
        image(
            "a platform listed twice fails",
            "image linux/amd64 linux/arm64\nduplicate linux/amd64",
            "error:platform-duplicate",
        ),
        image(
            "one image for two platforms fails",
            "image linux/amd64 linux/arm64\nsame linux/arm64 as linux/amd64",
            "error:identical-platforms error:config-platform-mismatch",
        ),
        image(
            "a further platform fails under --exact",
            "image linux/amd64 linux/arm64 linux/riscv64",
            "error:platform-unexpected",
        )
        .arg("--exact"),
        image(
            "a config for another CPU fails",
            "image linux/amd64 linux/arm64\nconfig linux/arm64 says linux/amd64",
            "error:config-platform-mismatch",
        ),
        image(
            "a config for another variant fails",
            "image linux/arm/v6 linux/arm/v7\nconfig linux/arm/v6 says linux/arm/v7",
            "error:variant-mismatch",
        )
        .arg("--platform=linux/arm/v6,linux/arm/v7"),
        image(
            "a flipped byte in a manifest fails",
            "image linux/amd64 linux/arm64\nflip manifest linux/arm64",
            "error:digest-mismatch",
        ),
        image(
            "a flipped byte in a config fails",
            "image linux/amd64 linux/arm64\nflip config linux/amd64",
            "error:digest-mismatch",
        ),
        image(
            "a flipped byte in an attestation fails",
            "image linux/amd64 linux/arm64\nattest\nflip attestation linux/arm64",
            "error:digest-mismatch",
        ),
        image(
            "embedded content that differs fails",
            "image linux/amd64 linux/arm64\ndata config linux/arm64 wrong",
            "error:digest-mismatch",
        ),
        image(
            "a manifest's size that is off fails",
            "image linux/amd64 linux/arm64\nsize manifest linux/arm64 +7",
            "error:size-mismatch",
        ),
        image(
            "a config's size that is off fails",
            "image linux/amd64 linux/arm64\nsize config linux/arm64 -1",
            "error:size-mismatch",
        ),
        image(
            "a layer's size that is off fails",
            "image linux/amd64 linux/arm64\nsize layer linux/arm64 +7",
            "error:layer-size-mismatch",
        ),
        image(
            "a deleted manifest fails",
            "image linux/amd64 linux/arm64\ndelete manifest linux/arm64",
            "error:manifest-not-found",
        ),
        image(
            "a deleted config fails",
            "image linux/amd64 linux/arm64\ndelete config linux/arm64",
            "error:manifest-not-found",
        ),
        image(
            "a deleted attestation fails",
            "image linux/amd64 linux/arm64\nattest\ndelete attestation linux/arm64",
            "error:manifest-not-found",
        ),
        image(
            "a deleted layer fails",
            "image linux/amd64 linux/arm64\ndelete layer linux/arm64",
            "error:layer-not-found",
        ),
        image(
            "a deleted tag fails",
            "image linux/amd64 linux/arm64\ndelete tag",
            "error:tag-not-found",
        ),
        image(
            "a name twice in the index fails",
            "image linux/amd64 linux/arm64\nduplicate-key index",
            "error:ambiguous-manifest",
        ),
        image(
            "a name twice in a config fails",
            "image linux/amd64 linux/arm64\nduplicate-key config linux/arm64",
            "error:ambiguous-manifest",
        ),
        image(
            "a name in other case fails",
            "image linux/amd64 linux/arm64\ncase-key index",
            "error:ambiguous-manifest",
        ),
        image(
            "a name in other case in a manifest fails",
            "image linux/amd64 linux/arm64\ncase-key manifest linux/arm64",
            "error:ambiguous-manifest",
        ),
        image(
            "an index that is a manifest too fails",
            "image linux/amd64 linux/arm64\nboth-shapes index",
            "error:ambiguous-manifest",
        ),
        image(
            "an index that is no JSON fails",
            "image linux/amd64 linux/arm64\nnot-json index",
            "error:malformed-manifest",
        ),
        image(
            "a manifest that is no JSON fails",
            "image linux/amd64 linux/arm64\nnot-json manifest linux/arm64",
            "error:malformed-manifest",
        ),
        image(
            "a config that is no JSON fails",
            "image linux/amd64 linux/arm64\nnot-json config linux/arm64",
            "error:malformed-manifest",
        ),
        image(
            "a document nested without end fails",
            "image linux/amd64 linux/arm64\ndeep-json index",
            "error:malformed-manifest",
        ),
        image(
            "Docker's first schema fails",
            "image linux/amd64 linux/arm64\nschema1",
            "error:unsupported-schema",
        ),
        image(
            "fewer diff_ids than layers fail",
            "image linux/amd64 linux/arm64\ndiff-ids linux/arm64 short",
            "error:diff-id-count-mismatch",
        ),
        case("an attestation about nothing is a warning")
            .image("image linux/amd64 linux/arm64\nattest\norphan attestation")
            .gives(0, "warning:attestation-dangling"),
        image(
            "warnings fail under --strict",
            "image linux/amd64 linux/arm64\nattest\norphan attestation",
            "error:attestation-dangling",
        )
        .arg("--strict"),
        case("an unknown entry without annotation is a warning")
            .image("image linux/amd64 linux/arm64\nentry unknown")
            .gives(0, "warning:platform-unexpected"),
        image(
            "an unknown entry without annotation fails under --exact",
            "image linux/amd64 linux/arm64\nentry unknown",
            "error:platform-unexpected",
        )
        .arg("--exact"),
        case("a digest that cannot be computed is inconclusive")
            .image("image linux/amd64 linux/arm64\ndigest manifest linux/arm64 blake3")
            .gives(3, "error:digest-unverifiable"),
        image(
            "an error wins over what cannot be established",
            "image linux/amd64 linux/arm64 linux/riscv64\ndelete config linux/amd64\nunreachable manifest linux/arm64",
            "error:manifest-not-found error:registry-unreachable",
        ),
    ]
}

fn headers() -> Vec<Case> {
    let changed = |says, path, change| {
        case(says)
            .image(ARM64)
            .step(on("*", path, Action::Change(change)))
    };
    vec![
        changed("no digest header at all is fine", "/v2/", |a| {
            drop_header(a, "docker-content-digest");
        }),
        case("no digest header on GET, as at ECR, is fine").step(on(
            "GET",
            "/v2/",
            Action::Change(|a| drop_header(a, "docker-content-digest")),
        )),
        changed("a digest header that lies is a warning", TAG, |a| {
            header(
                a,
                "docker-content-digest",
                "sha256:0000000000000000000000000000000000000000000000000000000000000000",
            );
        })
        .gives(0, "warning:header-digest-mismatch"),
        changed("a digest header that is none is a warning", TAG, |a| {
            header(a, "docker-content-digest", "latest");
        })
        .gives(0, "warning:header-digest-mismatch"),
        changed("no Content-Type is a warning", TAG, |a| {
            drop_header(a, "content-type");
        })
        .gives(0, "warning:media-type-mismatch"),
        changed("application/json is a warning", CHILD, |a| {
            header(a, "content-type", "application/json");
        })
        .gives(0, "warning:media-type-mismatch"),
        changed("an image's type for an index fails", TAG, |a| {
            header(
                a,
                "content-type",
                "application/vnd.oci.image.manifest.v1+json",
            );
        })
        .gives(1, "error:media-type-mismatch"),
        changed("text/html for an index fails", TAG, |a| {
            header(a, "content-type", "text/html");
        })
        .gives(1, "error:media-type-mismatch"),
        changed(
            "parameters and case of a Content-Type do not matter",
            TAG,
            |a| {
                header(
                    a,
                    "content-type",
                    "Application/vnd.OCI.image.index.v1+JSON; charset=utf-8",
                );
            },
        ),
        changed(
            "an answer that is compressed though nobody asked is inconclusive",
            TAG,
            |a| header(a, "content-encoding", "gzip"),
        )
        .gives(3, "error:registry-error"),
        changed("a Warning header changes nothing", "/v2/", |a| {
            header(a, "warning", "299 - \"this registry moves\"");
        }),
        case("a HEAD that is refused with 404 is confirmed by a GET").step(on(
            "HEAD",
            BLOB,
            status(404),
        )),
        case("a HEAD that is refused with 401 is confirmed by a GET").step(on(
            "HEAD",
            BLOB,
            status(401),
        )),
        case("a HEAD that is refused with 405 is confirmed by a GET").step(on(
            "HEAD",
            BLOB,
            status(405),
        )),
        case("a HEAD of a tag that is refused is confirmed by a GET").step(on(
            "HEAD",
            TAG,
            status(405),
        )),
        case("a HEAD without a length is confirmed by a GET").step(on(
            "HEAD",
            BLOB,
            Action::Change(|a| a.length = None),
        )),
        case("a layer whose length nobody says is inconclusive")
            .step(on("*", BLOB, Action::Change(|a| a.length = None)))
            .gives(3, "error:registry-error"),
        case("a HEAD with a wrong length is a warning when the GET is right")
            .step(on("HEAD", BLOB, Action::Change(|a| a.length = Some(3))))
            .gives(0, "warning:layer-size-mismatch"),
        case("a layer that HEAD and GET give another length fails")
            .step(on("HEAD", BLOB, Action::Change(|a| a.length = Some(3))))
            .step(on(
                "GET",
                BLOB,
                Action::Change(|a| on_layers(a, |a| body(a, b"xyz".to_vec()))),
            ))
            .gives(1, "error:layer-size-mismatch"),
    ]
}

fn changed_bodies() -> Vec<Case> {
    vec![
        case("a first wrong answer and a second right one is a warning")
            .step(on("GET", CHILD, Action::Change(|a| body(a, b"{}".to_vec()))).times(1))
            .gives(0, "warning:digest-mismatch"),
        case("two wrong answers fail, size included")
            .step(on(
                "GET",
                CHILD,
                Action::Change(|a| body(a, b"{}".to_vec())),
            ))
            .gives(1, "error:digest-mismatch error:size-mismatch"),
        case("a first 404 and a second right answer passes")
            .step(on("GET", CHILD, status(404)).times(1)),
        case("an HTML page instead of an index fails")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| body(a, b"<html>log in</html>".to_vec())),
            ))
            .gives(1, "error:malformed-manifest warning:header-digest-mismatch"),
        case("an empty body instead of an index fails")
            .step(on("GET", TAG, Action::Change(|a| body(a, Vec::new()))))
            .gives(1, "error:malformed-manifest warning:header-digest-mismatch"),
        case("a byte order mark before an index fails")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| {
                    let marked = [b"\xef\xbb\xbf".to_vec(), a.body.clone()].concat();
                    body(a, marked);
                }),
            ))
            .gives(1, "error:malformed-manifest warning:header-digest-mismatch"),
        case("bytes behind an index fail")
            .step(on(
                "GET",
                TAG,
                Action::Change(|a| {
                    let longer = [a.body.clone(), b"{}".to_vec()].concat();
                    body(a, longer);
                }),
            ))
            .gives(1, "error:malformed-manifest warning:header-digest-mismatch"),
        case("a tag that moves meanwhile is a warning")
            .image("image linux/amd64 linux/arm64\ntag moves")
            .gives(0, "warning:tag-moved"),
        case("a tag that is gone at the end is a warning")
            .step(on("HEAD", TAG, status(404)))
            .step(on("GET", TAG, status(404)).after(1))
            .gives(0, "warning:tag-moved"),
        case("a tag that cannot be asked again is a warning")
            .step(on("HEAD", TAG, status(503)))
            .step(on("GET", TAG, status(503)).after(1))
            .gives(0, "warning:tag-moved"),
    ]
}
