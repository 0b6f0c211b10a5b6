//! A digest, shortened, and marked where it is only simulated.

use polyarch_core::digest::Digest;
use yew::prelude::*;

use crate::hooks::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) digest: Digest,
    #[prop_or_default]
    pub(crate) simulated: bool,
}

#[component]
pub(crate) fn ShortDigest(props: &Props) -> Html {
    let texts = use_texts();
    let title = if props.simulated {
        format!("{}\n{}", texts.simulated, props.digest)
    } else {
        props.digest.to_string()
    };
    html! {
        <span class={classes!("digest", props.simulated.then_some("simulated"))} {title}>
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
