//! What is read, what is refused, and as what.

use super::*;

const CONFIG: &str = r#"{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2}"#;

fn manifest(text: &str) -> Content {
    Document::new(text.as_bytes()).read(Role::Manifest)
}

fn verdict(content: &Content) -> &'static str {
    match content {
        Content::Index(_) => "index",
        Content::Manifest(_) => "manifest",
        Content::Config(_) => "config",
        Content::Flawed(Flaw::Malformed(_)) => "malformed",
        Content::Flawed(Flaw::Ambiguous(_)) => "ambiguous",
        Content::Flawed(Flaw::Schema(_)) => "schema",
    }
}

#[test]
fn manifests_and_indexes_are_told_by_shape() {
    let table = [
        (r#"{"schemaVersion":2,"manifests":[]}"#.to_owned(), "index"),
        (
            r#"{"schemaVersion":2,"manifests":null}"#.to_owned(),
            "index",
        ),
        (
            format!(r#"{{"schemaVersion":2,"config":{CONFIG},"layers":[]}}"#),
            "manifest",
        ),
        (
            format!(r#"{{"schemaVersion":2,"config":{CONFIG},"layers":null}}"#),
            "manifest",
        ),
        (
            format!(r#"{{"schemaVersion":2,"config":{CONFIG},"layers":[],"x":1}}"#),
            "manifest",
        ),
        (
            format!(r#"{{"schemaVersion":2,"config":{CONFIG},"manifests":[]}}"#),
            "ambiguous",
        ),
        (
            format!(r#"{{"schemaVersion":2,"config":{CONFIG},"Layers":[]}}"#),
            "ambiguous",
        ),
        (
            r#"{"schemaVersion":2,"manifests":[],"manifests":[]}"#.to_owned(),
            "ambiguous",
        ),
        (
            r#"{"schemaVersion":2,"manifests":[],"Manifests":[]}"#.to_owned(),
            "ambiguous",
        ),
        (r#"{"schemaVersion":1,"fsLayers":[]}"#.to_owned(), "schema"),
        (r#"{"schemaVersion":3,"manifests":[]}"#.to_owned(), "schema"),
        (r#"{"schemaVersion":2}"#.to_owned(), "malformed"),
        (
            r#"{"schemaVersion":2,"manifests":[{}]}"#.to_owned(),
            "malformed",
        ),
        (
            r#"{"schemaVersion":2,"manifests":{}}"#.to_owned(),
            "malformed",
        ),
        (
            r#"{"schemaVersion":2,"manifests":[{"mediaType":"x","digest":"sha256:abc","size":1}]}"#
                .to_owned(),
            "malformed",
        ),
        (
            format!(
                r#"{{"schemaVersion":2,"mediaType":"{}","config":{CONFIG},"layers":[]}}"#,
                media_type::OCI_INDEX
            ),
            "malformed",
        ),
        ("[]".to_owned(), "malformed"),
        ("null".to_owned(), "malformed"),
        (String::new(), "malformed"),
    ];
    for (text, expected) in table {
        assert_eq!(verdict(&manifest(&text)), expected, "{text}");
    }
}

#[test]
fn negative_or_textual_sizes_are_malformed() {
    for size in ["-1", "\"2\"", "2.5", "null"] {
        let text = CONFIG.replace("\"size\":2", &format!("\"size\":{size}"));
        let text = format!(r#"{{"schemaVersion":2,"config":{text},"layers":[]}}"#);
        assert_eq!(verdict(&manifest(&text)), "malformed", "{size}");
    }
}

#[test]
fn windows_versions_are_read_by_their_dotted_name() {
    let text = r#"{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"platform":{"architecture":"amd64","os":"windows","os.version":"10.0.17763.1","os.features":["win32k"]}}]}"#;
    let Content::Index(index) = manifest(text) else {
        panic!("not an index")
    };
    let platform = index.manifests[0].platform.clone().unwrap();
    assert_eq!(platform.to_string(), "windows(10.0.17763.1+win32k)/amd64");
}

#[test]
fn configs_are_read_with_nulls_and_unknown_names() {
    let config = |text: &str| Document::new(text.as_bytes()).read(Role::Config);
    let table = [
        (
            r#"{"architecture":"arm64","os":"linux","variant":"v8","rootfs":{"type":"layers","diff_ids":null},"config":{"Cmd":null,"Env":null},"x":1}"#,
            "config",
        ),
        (
            r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]},"config":{"Labels":{"a":"1","A":"2"}}}"#,
            "config",
        ),
        (
            r#"{"os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#,
            "malformed",
        ),
        (
            r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"","diff_ids":[]}}"#,
            "malformed",
        ),
        (
            r#"{"architecture":"amd64","Architecture":"arm64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#,
            "ambiguous",
        ),
        (
            r#"{"architecture":"amd64","architecture":"arm64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#,
            "ambiguous",
        ),
        ("{}", "malformed"),
    ];
    for (text, expected) in table {
        assert_eq!(verdict(&config(text)), expected, "{text}");
    }
}
