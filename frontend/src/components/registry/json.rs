//! A JSON text as it is, its digests and the specification's own words made into links.
//!
//! The text is never written anew but for white space, and that only where it was asked for.

use serde_json::Value;
use yew::prelude::*;

use crate::hooks::use_texts;

const SPEC: &str = "https://github.com/opencontainers/image-spec/blob/v1.1.1/";

/// Beyond this a text is shown without links.
const MOST: usize = 256 * 1024;

/// Something that a digest in the text names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Target {
    pub(crate) digest: String,
    pub(crate) name: String,
    pub(crate) simulated: bool,
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) text: AttrValue,
    /// Lay it out on lines.
    pub(crate) pretty: bool,
    pub(crate) targets: Vec<Target>,
    /// Digests that name no target are simulated too.
    pub(crate) simulated: bool,
    /// Position in the targets.
    pub(crate) onopen: Callback<usize>,
}

#[component]
pub(crate) fn JsonText(props: &Props) -> Html {
    let texts = use_texts();
    let laid_out = props
        .pretty
        .then(|| serde_json::from_str::<Value>(&props.text).ok())
        .flatten()
        .and_then(|value| serde_json::to_string_pretty(&value).ok());
    let text = laid_out.as_deref().unwrap_or(&props.text);
    if text.len() > MOST {
        return html! { <pre tabindex="0" class="json" lang="en">{ text }</pre> };
    }
    let piece = |piece: Piece<'_>| match piece {
        Piece::Plain(text) => html! { { text } },
        Piece::Key(text, page) => html! {
            <a class="key" href={format!("{SPEC}{page}")} target="_blank" rel="noopener noreferrer"
                title={texts.views.specification}>{ text }</a>
        },
        Piece::Digest(text) => {
            let at = props
                .targets
                .iter()
                .position(|target| target.digest == text);
            match at.and_then(|at| Some((at, props.targets.get(at)?))) {
                Some((at, target)) => html! {
                    <button type="button" class={digest_class(target.simulated)}
                        title={(texts.views.open_document)(&target.name)}
                        onclick={props.onopen.reform(move |_: MouseEvent| at)}>{ text }</button>
                },
                None => html! { <span class={digest_class(props.simulated)}>{ text }</span> },
            }
        }
    };
    html! {
        <pre tabindex="0" class="json" lang="en">{ for pieces(text).into_iter().map(piece) }</pre>
    }
}

fn digest_class(simulated: bool) -> Classes {
    classes!("digest", simulated.then_some("simulated"))
}

#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Plain(&'a str),
    /// A property and its page of the specification.
    Key(&'a str, &'static str),
    Digest(&'a str),
}

/// The whole text in pieces; each property is a link where it first appears.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('"')) {
        let start = at + start + 1;
        let Some(end) = closing(text, start) else {
            break;
        };
        let word = text.get(start..end).unwrap_or_default();
        let rest = text.get(end + 1..).unwrap_or_default();
        let is_key = rest.trim_start().starts_with(':');
        let found = match page(word) {
            Some(page) if is_key && !seen.contains(&word) => {
                seen.push(word);
                Some(Piece::Key(word, page))
            }
            _ if !is_key && is_digest(word) => Some(Piece::Digest(word)),
            _ => None,
        };
        if let Some(found) = found {
            pieces.push(Piece::Plain(text.get(from..start).unwrap_or_default()));
            pieces.push(found);
            from = end;
        }
        at = end + 1;
    }
    pieces.push(Piece::Plain(text.get(from..).unwrap_or_default()));
    pieces
}

/// Position of the quotation mark that ends a string.
fn closing(text: &str, start: usize) -> Option<usize> {
    let mut escaped = false;
    let rest = text.get(start..)?;
    let end = rest.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    Some(start + end)
}

fn is_digest(word: &str) -> bool {
    word.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Where the specification describes a property.
fn page(key: &str) -> Option<&'static str> {
    Some(match key {
        "manifests" | "platform" => "image-index.md#image-index-property-descriptions",
        "layers" | "config" | "schemaVersion" => "manifest.md#image-manifest-property-descriptions",
        "annotations" => "annotations.md",
        "digest" => "descriptor.md#digests",
        "mediaType" => "media-types.md",
        "size" => "descriptor.md#properties",
        "rootfs" | "history" | "architecture" | "os" | "variant" | "diff_ids" => {
            "config.md#properties"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_text_and_digests_stand_alone() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let text = format!(r#"{{"size":1,"x":"a\"b","digest": "{digest}","size":2,"n":"size"}}"#);
        let found = pieces(&text);
        let whole: String = found
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) | Piece::Key(text, _) | Piece::Digest(text) => *text,
            })
            .collect();
        assert_eq!(whole, text);
        let keys = found.iter().filter(|piece| matches!(piece, Piece::Key(..)));
        assert_eq!(keys.count(), 2, "{found:?}");
        assert!(found.contains(&Piece::Digest(&digest)));
        for broken in ["", "\"", "{\"a", "\"\\"] {
            assert_eq!(pieces(broken), [Piece::Plain(broken)]);
        }
    }
}
