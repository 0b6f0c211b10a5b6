//! The list of keys, opened with `?`. It covers nothing that one is writing in.

use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::hooks::{use_focus_back, use_texts};

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) onclose: Callback<()>,
}

#[component]
pub(crate) fn KeySheet(props: &Props) -> Html {
    let texts = use_texts();
    let close = use_node_ref();
    use_focus_back(".sheet");
    {
        let close = close.clone();
        use_effect_with((), move |()| {
            if let Some(button) = close.cast::<web_sys::HtmlElement>() {
                let _ = button.focus();
            }
        });
    }
    let keys: [(&[&str], &str); 10] = [
        (&["?"], texts.key_help),
        (&["Ctrl", "K"], texts.key_palette),
        (&["P"], texts.key_platform),
        (&["Alt", "1…9"], texts.key_views),
        (&["F6"], texts.key_panes),
        (&["Ctrl", "Enter"], texts.key_next),
        (&["Ctrl", "."], texts.key_fix),
        (&["Ctrl", "S"], texts.key_link),
        (&["←", "↑", "→", "↓"], texts.key_arrows),
        (&["Esc"], texts.key_escape),
    ];
    let row = |(keys, what): &(&[&str], &'static str)| {
        html! {
            <div>
                <dt>{ for keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }</dt>
                <dd>{ *what }</dd>
            </div>
        }
    };
    html! {
        <section class="sheet" role="dialog" aria-label={texts.keys}>
            <div class="sheet-head">
                <h2>{ texts.keys }</h2>
                <button ref={close} type="button" class="btn bare icon slim" aria-label={texts.close}
                    onclick={props.onclose.reform(|_: MouseEvent| ())}><Icon glyph={Glyph::Cross} /></button>
            </div>
            <dl>{ for keys.iter().map(row) }</dl>
        </section>
    }
}
