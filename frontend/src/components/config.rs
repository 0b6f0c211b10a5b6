//! Each platform's image config side by side; what differs stands out.

use std::rc::Rc;

use polyarch_core::analysis::{Analysis, PlatformView};
use yew::prelude::*;

use crate::hooks::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) analysis: Rc<Analysis>,
}

#[component]
pub(crate) fn ConfigView(props: &Props) -> Html {
    let texts = use_texts();
    let platforms = &props.analysis.platforms;
    let fields = fields(platforms);
    if fields.is_empty() {
        return html! { <p class="empty">{ texts.nothing_predicted }</p> };
    }
    let header =
        |platform: &PlatformView| html! { <th scope="col"><b>{ &platform.requested }</b></th> };
    let row = |field: &String| {
        let values: Vec<_> = platforms
            .iter()
            .map(|platform| values_of(platform, field))
            .collect();
        let differs = values.windows(2).any(|pair| pair[0] != pair[1]);
        html! {
            <tr class={differs.then_some("differs")}>
                <th scope="row">{ field }</th>
                { for values.into_iter().map(cell) }
            </tr>
        }
    };
    let history = platforms.iter().map(|platform| {
        html! { <td><ol>{ for platform.history.iter().map(|line| html! { <li>{ line }</li> }) }</ol></td> }
    });
    html! {
        <div class="across" tabindex="0" role="group" aria-label={texts.config_label}>
            <table class="sheet-table" style={format!("--n:{}", platforms.len())}>
                <thead>
                    <tr><th scope="col">{ texts.config_key }</th>{ for platforms.iter().map(header) }</tr>
                </thead>
                <tbody>
                    { for fields.iter().map(row) }
                    <tr><th scope="row">{ texts.history }</th>{ for history }</tr>
                </tbody>
            </table>
        </div>
    }
}

/// All fields that any platform's config has, in the order that all of them keep: one that only
/// some have stands after what is before it there.
fn fields(platforms: &[PlatformView]) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for platform in platforms {
        let mut next = 0;
        for (name, _) in &platform.config {
            if let Some(at) = fields.iter().position(|field| field == name) {
                next = at + 1;
            } else {
                fields.insert(next, name.clone());
                next += 1;
            }
        }
    }
    fields
}

fn values_of<'a>(platform: &'a PlatformView, field: &str) -> Option<&'a [String]> {
    platform
        .config
        .iter()
        .find(|(name, _)| name == field)
        .map(|(_, values)| values.as_slice())
}

fn cell(values: Option<&[String]>) -> Html {
    match values {
        None | Some([]) => html! { <td class="quiet">{ "–" }</td> },
        Some(values) => html! {
            <td>{ for values.iter().map(|value| html! { <div>{ value }</div> }) }</td>
        },
    }
}
