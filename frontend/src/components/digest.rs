//! A digest, shortened, and marked where it is only simulated.

use polyarch_core::digest::Digest;
use yew::prelude::*;

use crate::hooks::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) digest: Digest,
    #[prop_or_default]
    pub(crate) simulated: bool,
    /// Whether a simulated one takes the keyboard's focus to say so; not inside a grid's cell,
    /// which has one tab stop.
    #[prop_or(true)]
    pub(crate) focusable: bool,
}

#[component]
pub(crate) fn ShortDigest(props: &Props) -> Html {
    let texts = use_texts();
    let title = if props.simulated {
        format!("{}\n{}", texts.simulated, props.digest)
    } else {
        props.digest.to_string()
    };
    let tabindex = (props.simulated && props.focusable).then_some("0");
    let role = tabindex.map(|_| "note");
    html! {
        <span class={classes!("digest", props.simulated.then_some("simulated"))} {title} {tabindex} {role}
            data-tip={tabindex.map(|_| texts.simulated)}>
            { shorten(&props.digest) }
            if props.simulated {
                <span class="vh">{ format!(" ({})", texts.simulated) }</span>
            }
        </span>
    }
}

/// `sha256:` and eight digits: enough to tell a handful of documents apart.
fn shorten(digest: &Digest) -> String {
    let head: String = digest.encoded().chars().take(8).collect();
    format!("{}:{head}…", digest.algorithm())
}
