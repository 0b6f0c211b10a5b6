//! What the palette offers. Most entries press the key that does the same, so that a command and
//! its key cannot differ.

use polyarch_core::analysis::Project;
use polyarch_core::assist::MISTAKES;
use polyarch_core::scenarios::Scenario;

use super::preferences::EditorChoice;
use super::{ComposeTab, OutcomeTab};
use crate::components::palette::Entry;
use crate::i18n::{Language, Texts};
use crate::routes::Route;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Command {
    /// Key, with Ctrl, with Alt.
    Press(&'static str, bool, bool),
    View(OutcomeTab),
    Tab(ComposeTab),
    Go(Route),
    /// Position in [`MISTAKES`].
    Break(usize),
    Undo,
    Markdown,
    Zip,
    Gate,
    Theme,
    Language,
    Editor(EditorChoice),
}

/// Every command that does something now, with its entry.
pub(crate) fn commands(
    project: &Project,
    can_undo: bool,
    editor: EditorChoice,
    language: Language,
    scenarios: &[Scenario],
) -> Vec<(Command, Entry)> {
    let texts = language.texts();
    let craft = texts.craft;
    let mut all = Vec::new();
    let mut add = |command, label: String, keys: &str| {
        let keys = keys.to_owned();
        all.push((command, Entry { label, keys }));
    };
    let job = project.job.is_some();
    for (tab, label) in [
        (ComposeTab::Dockerfile, texts.dockerfile),
        (ComposeTab::Job, texts.job),
        (ComposeTab::Files, texts.files),
        (ComposeTab::Settings, texts.settings),
    ] {
        add(Command::Tab(tab), (craft.show)(label), "");
    }
    for (at, view) in OutcomeTab::of(job).into_iter().enumerate() {
        let label = (craft.show)(view.label(texts));
        add(
            Command::View(view),
            label,
            &format!("Alt {}", (at + 1) % 10),
        );
    }
    add(
        Command::Press("enter", true, false),
        texts.key_next.to_owned(),
        "Ctrl Enter",
    );
    add(
        Command::Press(".", true, false),
        texts.key_fix.to_owned(),
        "Ctrl .",
    );
    if can_undo {
        add(Command::Undo, texts.undo.to_owned(), "");
    }
    if !job {
        add(
            Command::Press("p", false, false),
            texts.key_platform.to_owned(),
            "P",
        );
    }
    add(
        Command::Press("f6", false, false),
        texts.key_panes.to_owned(),
        "F6",
    );
    add(
        Command::Press("s", true, false),
        texts.key_link.to_owned(),
        "Ctrl S",
    );
    add(Command::Markdown, craft.copy_markdown.to_owned(), "");
    add(Command::Zip, craft.download_zip.to_owned(), "");
    add(Command::Gate, craft.copy_gate.to_owned(), "");
    for (at, mistake) in MISTAKES.iter().enumerate() {
        if mistake.make(project).is_some() {
            let label = format!("{}: {}", craft.break_it, (craft.mistake)(mistake));
            add(Command::Break(at), label, "");
        }
    }
    for scenario in scenarios {
        let label = (craft.open)(language.pick(&scenario.title));
        add(
            Command::Go(Route::Scenario(scenario.name.clone())),
            label,
            "",
        );
    }
    for (label, route) in pages(texts) {
        add(Command::Go(route), (craft.go_to)(label), "");
    }
    add(
        Command::Press("?", false, false),
        texts.keys.to_owned(),
        "?",
    );
    add(Command::Theme, craft.change_theme.to_owned(), "");
    add(Command::Language, craft.change_language.to_owned(), "");
    let (plain, indent) = (!editor.plain, !editor.indent);
    let label = if plain {
        craft.plain_editor
    } else {
        craft.rich_editor
    };
    add(
        Command::Editor(EditorChoice { plain, ..editor }),
        label.to_owned(),
        "",
    );
    let label = if indent {
        craft.tab_indents
    } else {
        craft.tab_leaves
    };
    add(
        Command::Editor(EditorChoice { indent, ..editor }),
        label.to_owned(),
        "",
    );
    all
}

/// The entries of the main menu.
pub(crate) fn pages(texts: &Texts) -> [(&'static str, Route); 4] {
    let verify = Route::Verify {
        reference: String::new(),
        platforms: String::new(),
    };
    let learn = Route::Learn {
        lesson: None,
        part: None,
    };
    [
        (texts.playground, Route::Playground),
        (texts.verify, verify),
        (texts.learn.learn, learn),
        (texts.rules, Route::Rules { name: None }),
    ]
}
