//! The build context: names of files, and texts where a rule looks inside.

use polyarch_core::analysis::ContextFile;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::icon::{Glyph, Icon};
use crate::hooks::use_texts;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) files: Vec<ContextFile>,
    pub(crate) onchange: Callback<Vec<ContextFile>>,
}

#[component]
pub(crate) fn Files(props: &Props) -> Html {
    let texts = use_texts();
    let field = use_node_ref();
    let onsubmit = {
        let (field, files, onchange) = (field.clone(), props.files.clone(), props.onchange.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(field) = field.cast::<HtmlInputElement>() else {
                return;
            };
            let path = field.value().trim().trim_start_matches("./").to_owned();
            if path.is_empty() || files.iter().any(|file| file.path == path) {
                return;
            }
            field.set_value("");
            let mut files = files.clone();
            files.push(ContextFile { path, bytes: None });
            onchange.emit(files);
        })
    };
    let row = |(at, file): (usize, &ContextFile)| {
        let remove = {
            let (files, onchange) = (props.files.clone(), props.onchange.clone());
            Callback::from(move |()| {
                let mut files = files.clone();
                files.remove(at);
                onchange.emit(files);
            })
        };
        let write = {
            let (files, onchange) = (props.files.clone(), props.onchange.clone());
            Callback::from(move |text: String| {
                let mut files = files.clone();
                files[at].bytes = (!text.is_empty()).then(|| text.into_bytes());
                onchange.emit(files);
            })
        };
        html! { <FileRow key={file.path.clone()} file={file.clone()} onremove={remove} onwrite={write} /> }
    };
    html! {
        <div class="form">
            <p class="hint">{ texts.files_help }</p>
            <ul class="files">{ for props.files.iter().enumerate().map(row) }</ul>
            <form class="inline" {onsubmit}>
                <label class="field">
                    <span>{ texts.file_path }</span>
                    <input ref={field} type="text" spellcheck="false" autocomplete="off" />
                </label>
                <button type="submit" class="btn">{ texts.add }</button>
            </form>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RowProps {
    file: ContextFile,
    onremove: Callback<()>,
    onwrite: Callback<String>,
}

#[component]
fn FileRow(props: &RowProps) -> Html {
    let texts = use_texts();
    let file = &props.file;
    let text = match &file.bytes {
        None => Some(String::new()),
        Some(bytes) => String::from_utf8(bytes.clone()).ok(),
    };
    let oninput = props.onwrite.reform(|event: InputEvent| {
        let area = event.target_dyn_into::<HtmlTextAreaElement>();
        area.map(|area| area.value()).unwrap_or_default()
    });
    html! {
        <li>
            <details>
                <summary><code>{ &file.path }</code></summary>
                if let Some(text) = text {
                    <textarea class="text" rows="6" spellcheck="false" value={text} {oninput}
                        aria-label={(texts.file_text)(&file.path)} />
                } else {
                    <p class="hint">{ texts.file_binary }</p>
                }
            </details>
            <button type="button" class="btn bare icon slim" aria-label={(texts.remove)(&file.path)}
                onclick={props.onremove.reform(|_: MouseEvent| ())}><Icon glyph={Glyph::Cross} size={14} /></button>
        </li>
    }
}
