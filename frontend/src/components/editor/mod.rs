//! The editor of a text: CodeMirror once its chunk has arrived, a plain textarea until then, where
//! the user prefers it, and where the chunk does not load. Both say the same to the page.

mod plain;
mod rich;
mod shown;

use std::rc::Rc;

use polyarch_core::analysis::Analysis;
use polyarch_core::diagnostic::Fix;
use yew::prelude::*;

use crate::browser::code_mirror;
use crate::components::highlight::Syntax;
use crate::hooks::{use_code_mirror, use_editor_choice};
use crate::i18n::Texts;
use crate::state::Selection;
use plain::Plain;
use rich::Rich;

/// Which text an editor shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The Dockerfile that the analysis is about.
    Dockerfile,
    /// A Dockerfile that the job replaces, so nothing is known about its lines.
    Replaced,
    /// The Dockerfile that a job writes; it is not for writing.
    Written,
    Job,
}

impl Kind {
    /// Id of the element that takes the text, whichever editor it is.
    fn id(self) -> &'static str {
        match self {
            Self::Dockerfile | Self::Replaced => "dockerfile",
            Self::Written => "written",
            Self::Job => "job",
        }
    }

    fn label(self, texts: &Texts) -> &'static str {
        match self {
            Self::Job => texts.job_editor_help,
            Self::Written => texts.job_writes_dockerfile,
            Self::Dockerfile | Self::Replaced => texts.editor_help,
        }
    }

    fn syntax(self, starts: bool) -> Syntax {
        match self {
            Self::Job => Syntax::Yaml,
            Self::Dockerfile | Self::Replaced | Self::Written => Syntax::Dockerfile { starts },
        }
    }

    /// Whether lines are steps of the analysis.
    fn has_rows(self) -> bool {
        matches!(self, Self::Dockerfile | Self::Written)
    }
}

#[derive(Clone, Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) kind: Kind,
    pub(crate) text: AttrValue,
    pub(crate) file: AttrValue,
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) selection: Selection,
    /// Counts the projects that were loaded; another number is another text with its own undo.
    pub(crate) generation: u32,
    pub(crate) ontype: Callback<String>,
    /// The caret went to this line, from 1.
    pub(crate) oncaret: Callback<usize>,
    pub(crate) onfix: Callback<Fix>,
}

#[component]
pub(crate) fn Editor(props: &Props) -> Html {
    let choice = use_editor_choice();
    let module = use_code_mirror(!choice.plain);
    let editor = props.clone();
    match module.filter(|_| !choice.plain) {
        Some(module) => html! {
            <Rich key={format!("{}-{}", props.kind.id(), props.generation)} {editor}
                module={code_mirror::Module::clone(&module)} indent={choice.indent} />
        },
        None => html! { <Plain {editor} /> },
    }
}
