//! Every option of `polyarch verify` where something goes wrong: what it changes then, and what it
//! does not. docs/verify-options.md says where else each one is tested.

use super::case::{Case, Traffic, case};
use super::script::{Action, body, drop_header, header, on, status};
use super::server::HttpAnswer;

const TAG: &str = "/manifests/example";
const CHILD: &str = "/manifests/sha256:";
const BLOB: &str = "/blobs/";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = platforms();
    cases.extend(depth());
    cases.extend(digests());
    cases.extend(dockerfiles());
    cases.extend(policies());
    cases.extend(reports());
    cases.extend(lists());
    cases.extend(super::transport::patience());
    cases.extend(super::transport::transport());
    cases
}

fn platforms() -> Vec<Case> {
    const LOST: &str = "image linux/amd64 linux/arm64\nunreachable manifest linux/arm64";
    vec![
        case("--platform does not excuse an entry that it does not name")
            .image(LOST)
            .arg("--platform=linux/amd64")
            .gives(3, "error:registry-unreachable"),
        case("--platform: one that is missing wins over another that cannot be reached")
            .image(LOST)
            .arg("--platform=linux/amd64,linux/s390x")
            .gives(1, "error:platform-missing error:registry-unreachable"),
        case("--exact: one that nobody asked for is an error though its manifest cannot be read")
            .image(LOST)
            .arg("--exact")
            .arg("--platform=linux/amd64")
            .gives(1, "error:platform-unexpected error:registry-unreachable"),
        case("--exact: a tag that cannot be read has no unexpected platforms")
            .step(on("*", TAG, status(503)))
            .arg("--exact")
            .gives(3, "error:registry-error"),
    ]
}

fn depth() -> Vec<Case> {
    const CUT: &str = "image linux/amd64 linux/arm64\ncut layer linux/arm64";
    const FLIPPED: &str = "image linux/amd64 linux/arm64\nflip layer linux/arm64";
    const WRONG: &str = "image linux/amd64 linux/arm64\nbinary linux/arm64 linux/amd64";
    vec![
        case("a layer that ends early is not read without --deep").image(CUT),
        case("--deep: a layer that ends early is inconclusive")
            .image(CUT)
            .arg("--deep")
            .gives(3, "error:registry-unreachable"),
        case("--deep=shared: a layer of one platform that ends early is not read")
            .image(CUT)
            .arg("--deep=shared"),
        case("--deep=shared: a flipped bit in the layer of both platforms fails")
            .image("image linux/amd64 linux/arm64\nflip layer shared")
            .arg("--deep=shared")
            .gives(1, "error:layer-digest-mismatch"),
        case("--deep: a layer that is wrong once and right then is a warning")
            .image("image linux/amd64 linux/arm64\nflip layer linux/arm64 once")
            .arg("--deep")
            .gives(0, "warning:layer-digest-mismatch"),
        case("--deep: a layer whose first answer is 503 is read at the second")
            .image(WRONG)
            .step(on("GET", BLOB, status(503)).times(1))
            .arg("--deep")
            .gives(1, "error:binary-platform-mismatch"),
        case("--allow: a program that is waived stays waived when its layer comes late")
            .image(WRONG)
            .step(on("GET", BLOB, status(503)).times(1))
            .arg("--deep")
            .arg("--allow=binary-platform-mismatch=emulated on purpose")
            .gives(0, "error:binary-platform-mismatch"),
        case("--allow: a waiver of programs is none for a flipped bit")
            .image(FLIPPED)
            .arg("--deep")
            .arg("--allow=binary-platform-mismatch=emulated on purpose")
            .gives(1, "error:layer-digest-mismatch"),
        case("--allow: nobody can waive that the registry cannot be reached")
            .image(CUT)
            .arg("--deep")
            .arg("--allow=registry-unreachable=it is always down")
            .gives(2, ""),
    ]
}

fn digests() -> Vec<Case> {
    const METADATA: &str = r#"{"containerimage.digest":"{digest}"}"#;
    let moved = |says| case(says).step(on("*", TAG, Action::Change(move_tag)));
    vec![
        case("--expect-digest: the digest is that of the body, whatever the header says")
            .step(on("*", TAG, Action::Change(lie)))
            .arg("--expect-digest={digest}")
            .gives(0, "warning:header-digest-mismatch"),
        moved("--expect-digest: a tag that somebody pushed over fails")
            .arg("--expect-digest={digest}")
            .gives(1, "error:digest-unexpected"),
        moved("a tag that somebody pushed over passes where no digest is expected"),
        case("--expect-digest: a tag that cannot be read is not another one")
            .step(on("*", TAG, status(503)))
            .arg("--expect-digest={digest}")
            .gives(3, "error:registry-error"),
        moved("--metadata-file: a tag that somebody pushed over since the build fails")
            .file("build.json", METADATA)
            .arg("--metadata-file={folder}/build.json")
            .gives(1, "error:digest-unexpected"),
        case("--metadata-file: the built image passes at the second try")
            .step(on("GET", TAG, status(502)).times(1))
            .file("build.json", METADATA)
            .arg("--metadata-file={folder}/build.json"),
        case("--same-as: a flipped byte at the other host fails")
            .elsewhere(vec![on("*", TAG, Action::Change(move_tag))])
            .arg("--same-as={elsewhere}/demo:example")
            .gives(1, "error:digest-unexpected"),
        case("--same-as: a header that claims the same digest does not help")
            .elsewhere(vec![on(
                "*",
                TAG,
                Action::Change(|a| {
                    let own = a.headers.clone();
                    move_tag(a);
                    a.headers = own;
                }),
            )])
            .arg("--same-as={elsewhere}/demo:example")
            .gives(1, "error:digest-unexpected"),
        case("--same-as: another host that fails once is asked again")
            .elsewhere(vec![on("*", TAG, status(503)).times(1)])
            .arg("--same-as={elsewhere}/demo:example"),
        case("--same-as: another host that always fails is inconclusive")
            .elsewhere(vec![on("*", TAG, status(503))])
            .arg("--same-as={elsewhere}/demo:example")
            .gives(3, "error:registry-error"),
    ]
}

/// The tag's document with one more byte: still an index of the same images, of another digest.
fn move_tag(answer: &mut HttpAnswer) {
    let longer = [answer.body.as_slice(), b"\n"].concat();
    body(answer, longer);
    drop_header(answer, "docker-content-digest");
}

fn lie(answer: &mut HttpAnswer) {
    let zeros = format!("sha256:{}", "0".repeat(64));
    header(answer, "docker-content-digest", &zeros);
}

fn dockerfiles() -> Vec<Case> {
    const DOCKERFILE: &str = "FROM scratch AS app\n\
        ARG TITLE=example\n\
        COPY rootfs /\n\
        COPY hello /usr/local/bin/hello\n\
        LABEL org.opencontainers.image.title=\"polyarch demo image $TITLE\"\n\
        ENTRYPOINT [\"/usr/local/bin/hello\"]\n\
        FROM scratch AS other\n\
        USER 4711\n";
    let built = |says| {
        case(says)
            .file("Dockerfile", DOCKERFILE)
            .arg("--dockerfile={folder}/Dockerfile")
    };
    vec![
        built("--dockerfile, --target: configs that come at the second try are what they must be")
            .step(on("GET", BLOB, Action::Truncate(9)).times(1))
            .arg("--target=app"),
        built("--target: another stage fails, though a config comes at the second try only")
            .step(on("GET", BLOB, Action::Truncate(9)).times(1))
            .arg("--target=other")
            .gives(1, "error:config-unexpected"),
        built("--build-arg: another argument fails, though a config comes at the second try only")
            .step(on("GET", BLOB, Action::Truncate(9)).times(1))
            .arg("--target=app")
            .arg("--build-arg=TITLE=other")
            .gives(1, "error:config-unexpected"),
        built("--dockerfile: configs that cannot be read are not unexpected")
            .step(on("GET", BLOB, status(503)))
            .arg("--target=other")
            .gives(3, "error:registry-error"),
    ]
}

fn policies() -> Vec<Case> {
    let lying = |says| case(says).step(on("*", TAG, Action::Change(lie)));
    vec![
        case("--policy: a policy that wants layers finds the one that ends early")
            .image("image linux/amd64 linux/arm64\ncut layer linux/arm64")
            .file("deep.toml", "[verify]\ndeep = \"all\"\n")
            .arg("--policy={folder}/deep.toml")
            .gives(3, "error:registry-unreachable"),
        case("--policy: a page instead of a policy is a usage error, and nobody is asked")
            .file("page.toml", "<html>log in</html>")
            .arg("--policy={folder}/page.toml")
            .gives(2, "")
            .and(|traffic| asked(traffic, "/", 0)),
        case("--no-policy: a broken policy file is not even read")
            .file("polyarch.toml", "<html>log in</html>")
            .arg("--no-policy"),
        case("without --no-policy a broken policy file is a usage error")
            .file("polyarch.toml", "<html>log in</html>")
            .gives(2, ""),
        lying("a header that lies is a warning").gives(0, "warning:header-digest-mismatch"),
        lying("--strict: a header that lies is an error")
            .arg("--strict")
            .gives(1, "error:header-digest-mismatch"),
        case("--strict: a fault that passes is no warning")
            .step(on("*", BLOB, status(503)).times(1))
            .arg("--strict"),
    ]
}

fn reports() -> Vec<Case> {
    let down = |says| case(says).step(on("*", TAG, status(503)));
    vec![
        down("--format: every format says that nothing was established")
            .arg("--format=human={folder}/human")
            .arg("--format=junit={folder}/junit")
            .arg("--format=sarif={folder}/sarif")
            .arg("--format=github={folder}/github")
            .arg("--format=gitlab={folder}/gitlab")
            .arg("--format=markdown={folder}/markdown")
            .gives(3, "error:registry-error")
            .and(|traffic| {
                for (format, sign) in [
                    ("human", "INCONCLUSIVE "),
                    ("junit", "failures=\"0\" errors=\"1\""),
                    ("sarif", "\"exitCode\": 3"),
                    ("github", "INCONCLUSIVE "),
                    ("gitlab", "\"check_name\": \"registry-error\""),
                    ("markdown", "### INCONCLUSIVE "),
                ] {
                    says(traffic, format, sign)?;
                }
                Ok(())
            }),
        down(
            "--format: a file that cannot be written is a usage error, and the report still comes",
        )
        .arg("--format=junit={folder}/no/such/folder")
        .gives(2, "error:registry-error"),
        case("--verbose: requests that failed count")
            .step(on("GET", TAG, status(503)).times(2))
            .arg("--retries=2")
            .arg("--verbose")
            .arg("--format=human={folder}/human")
            .and(|traffic| {
                says(
                    traffic,
                    "human",
                    &format!("{} requests, ", traffic.home.len()),
                )
            }),
    ]
}

fn lists() -> Vec<Case> {
    // Faults concern the tag; the digest is served.
    let listed = |says| {
        case(says)
            .file("list", "# pushed by this pipeline\n{host}/demo@{digest}\n")
            .arg("--from-file={folder}/list")
    };
    let down = |says| listed(says).step(on("*", TAG, status(503)));
    let gone = |says| listed(says).step(on("*", TAG, status(404)));
    vec![
        listed("--from-file: a fault that passes spoils none of the references")
            .step(on("*", CHILD, status(503)).times(1)),
        down("--from-file: one reference that cannot be read makes all inconclusive")
            .gives(3, "error:registry-error"),
        gone("--from-file: one reference that is gone fails all").gives(1, "error:tag-not-found"),
        down("--shard: the part with the reference that cannot be read is inconclusive")
            .arg("--shard=1/2")
            .gives(3, "error:registry-error"),
        down("--shard: the other part passes and never asks for it")
            .arg("--shard=2/2")
            .and(|traffic| asked(traffic, TAG, 0)),
    ]
}

/// The registry was asked so often, with GET, for what has `path`.
pub(super) fn asked(traffic: &Traffic, path: &str, times: usize) -> Result<(), String> {
    let home = traffic.home.iter();
    let asked = home.filter(|seen| seen.method == "GET" && seen.path.contains(path));
    match asked.count() {
        actual if actual == times => Ok(()),
        actual => Err(format!("{actual} requests for {path} instead of {times}")),
    }
}

/// A file that the gate wrote holds a text.
fn says(traffic: &Traffic, file: &str, text: &str) -> Result<(), String> {
    match traffic.files.get(file) {
        Some(written) if written.contains(text) => Ok(()),
        other => Err(format!("no {text} in {file}: {other:?}")),
    }
}
