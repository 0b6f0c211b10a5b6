//! The tag as its registry's page lists it: platforms, digests, compressed sizes.

use polyarch_core::analysis::{TagRow, TagSize};
use yew::prelude::*;

use crate::components::cpu_badge::CpuBadge;
use crate::components::digest::ShortDigest;
use crate::hooks::use_texts;
use crate::i18n::Texts;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) tag: AttrValue,
    pub(super) rows: Vec<TagRow>,
}

#[component]
pub(super) fn TagPage(props: &Props) -> Html {
    let texts = use_texts();
    let words = texts.views;
    let name = props.tag.rsplit('/').next().unwrap_or_default();
    let name = name.rsplit_once(':').map_or("latest", |(_, tag)| tag);
    let row = |(at, row): (usize, &TagRow)| {
        html! {
            <tr key={at}>
                <th scope="row"><span class="node">
                    <CpuBadge platform={row.platform.clone()} />
                    { row.platform.to_string() }
                </span></th>
                <td><ShortDigest digest={row.digest.clone()} simulated={row.simulated} /></td>
                <td class="num">{ size(row.size, texts) }</td>
            </tr>
        }
    };
    html! {
        <section class="tag-page" aria-label={words.tag_page}>
            <div class="head"><h2>{ words.tag_page }</h2><code class="end">{ name.to_owned() }</code></div>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ words.os_arch }</th>
                        <th scope="col">{ texts.digest }</th>
                        <th scope="col" class="num">{ words.compressed }</th>
                    </tr>
                </thead>
                <tbody>{ for props.rows.iter().enumerate().map(row) }</tbody>
            </table>
            if props.rows.iter().any(|row| !matches!(row.size, TagSize::Exact(_))) {
                <p class="hint note">{ words.size_note }</p>
            }
        </section>
    }
}

fn size(size: TagSize, texts: &Texts) -> Html {
    let words = texts.views;
    match size {
        TagSize::Exact(bytes) => html! { { (words.megabytes)(bytes) } },
        TagSize::Base(bytes) => html! { { (words.base_and_more)(&(words.megabytes)(bytes)) } },
        TagSize::Unknown => html! { <span class="quiet">{ words.after_build }</span> },
    }
}
