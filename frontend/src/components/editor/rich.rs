//! The editor as CodeMirror shows it: this hands it plain data and listens. What a colour or a
//! completion is, is decided in Rust; how it is drawn, in `js/editor.js`.

use polyarch_core::assist;
use yew::prelude::*;

use super::shown::shown;
use super::{Kind, Props as EditorProps};
use crate::browser::code_mirror::{Handlers, Module, View};
use crate::hooks::use_texts;
use crate::state::utf16::Utf16;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) editor: EditorProps,
    pub(crate) module: Module,
    /// Whether the Tab key indents instead of leaving.
    pub(crate) indent: bool,
}

#[component]
pub(crate) fn Rich(props: &Props) -> Html {
    let texts = use_texts();
    let host = use_node_ref();
    let view = use_mut_ref(|| None::<View>);
    // Listeners outlive a render; they look up here what the newest one was given.
    let newest = use_mut_ref(|| props.editor.clone());
    newest.borrow_mut().clone_from(&props.editor);
    let label = props.editor.kind.label(texts);

    use_effect_with((), {
        let (host, view, newest) = (host.clone(), view.clone(), newest.clone());
        let (module, indent) = (props.module.clone(), props.indent);
        move |()| {
            let editor = newest.borrow().clone();
            let kind = editor.kind;
            let now = |newest: &std::rc::Rc<std::cell::RefCell<EditorProps>>| {
                let newest = newest.clone();
                move || newest.borrow().clone()
            };
            let (change, caret, fix) = (now(&newest), now(&newest), now(&newest));
            let handlers = Handlers {
                change: Box::new(move |text| change().ontype.emit(text)),
                caret: Box::new(move |line| caret().oncaret.emit(line)),
                fix: Box::new(move |at| {
                    let editor = fix();
                    let finding = editor.analysis.diagnostics.get(at);
                    if let Some(fix) = finding.and_then(|finding| finding.fix.clone()) {
                        editor.onfix.emit(fix);
                    }
                }),
                complete: Box::new(move |text, at, asked| complete(kind, text, at, asked)),
            };
            let first = shown(&editor, label, indent).to_json();
            if let Some(host) = host.cast() {
                *view.borrow_mut() =
                    module.create(&host, kind.id(), editor.generation, &first, handlers);
            }
            move || drop(view.borrow_mut().take())
        }
    });
    use_effect_with((props.editor.clone(), props.indent, label), {
        let view = view.clone();
        move |(editor, indent, label)| {
            if let Some(view) = &*view.borrow() {
                view.update(&shown(editor, label, *indent).to_json());
            }
        }
    });
    use_effect_with(
        (props.editor.selection.line, props.editor.kind),
        move |(line, _)| {
            if let Some(view) = &*view.borrow() {
                view.reveal(*line);
            }
        },
    );
    // The lines' height is there a frame before they are, so that nothing below them jumps.
    let lines = props.editor.text.split('\n').count();
    html! { <div class="editor rich" ref={host} style={format!("--lines:{lines}")} /> }
}

/// What can stand at an offset, as JSON for the editor; nothing where there is nothing to say.
fn complete(kind: Kind, text: &str, at: u32, asked: bool) -> Option<String> {
    let offset = Utf16::new(text).byte(text, at);
    let found = match kind {
        Kind::Job => assist::complete_job(text, offset, asked),
        Kind::Dockerfile | Kind::Replaced => assist::complete_dockerfile(text, offset, asked),
        Kind::Written => None,
    }?;
    let from = Utf16::new(text).unit(found.from);
    let options: Vec<_> = found
        .options
        .iter()
        .map(|option| serde_json::json!({ "label": option.label, "detail": option.detail, "info": option.info, "apply": option.text }))
        .collect();
    Some(serde_json::json!({ "from": from, "options": options }).to_string())
}
