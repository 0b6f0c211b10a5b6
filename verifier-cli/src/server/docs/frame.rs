//! What stands around every document: head, the way back to the playground, contents.

use std::fmt::Write as _;

use super::document;
use super::render::{Rendered, escape, render};

/// The contents: a heading with the pages below it. Each page bears the title that it has itself.
pub(super) const CONTENTS: &[(&str, &[&str])] = &[
    ("Use", &["start", "cookbook", "output"]),
    ("Look up", &["cli", "rules"]),
    (
        "Understand",
        &[
            "model",
            "cost-model",
            "comparison",
            "security",
            "benchmarks",
        ],
    ),
    ("Teach", &["teaching"]),
    ("简体中文", &["start.zh", "cookbook.zh", "teaching.zh"]),
    (
        "The project",
        &[
            "ARCHITECTURE",
            "CONTRIBUTING",
            "verify-options",
            "CHANGELOG",
        ],
    ),
];

/// The page of a document.
pub(super) fn page(name: &str, markdown: &str) -> String {
    let rendered = render(markdown);
    let main = article(&rendered, is_chinese(name));
    frame(name, rendered.title(), &main)
}

/// What an address without a document says.
pub(super) fn missing() -> String {
    let text = "<article><h1>There is no such page</h1>\
         <p>The contents beside this name every page; <a href=\"./\">start from the first</a>.</p>\
         </article>";
    frame("", "No such page", text)
}

/// The document, and its headings where it has several.
fn article(rendered: &Rendered, is_chinese: bool) -> String {
    let mut text = format!("<article>{}</article>", rendered.html);
    let sections: Vec<_> = rendered
        .headings
        .iter()
        .filter(|heading| heading.depth == 2)
        .collect();
    if sections.len() > 1 {
        text.push_str("<nav class=\"here\" aria-labelledby=\"here\"><h2 id=\"here\">");
        text.push_str(if is_chinese {
            "本页内容"
        } else {
            "On this page"
        });
        text.push_str("</h2><ul>");
        for section in sections {
            let _ = write!(
                text,
                "<li><a href=\"#{}\">{}</a></li>",
                escape(&section.id),
                escape(&section.text)
            );
        }
        text.push_str("</ul></nav>");
    }
    text
}

fn frame(name: &str, title: &str, main: &str) -> String {
    let language = if is_chinese(name) { "zh-Hans" } else { "en" };
    let (title, contents) = (escape(title), contents(name));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title} · polyarch</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <script src=\"theme.js\"></script>\n\
         <link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body class=\"docs\">\n\
         <a class=\"skip\" href=\"#main\">Skip to the text</a>\n\
         <header><a class=\"home\" href=\"../\">polyarch</a> <a href=\"./\">Documents</a> \
         <a class=\"to-contents\" href=\"#contents\">Contents</a></header>\n\
         <main id=\"main\" tabindex=\"-1\">{main}</main>\n\
         <nav id=\"contents\" class=\"contents\" aria-label=\"Contents\">{contents}</nav>\n\
         </body>\n</html>\n"
    )
}

fn contents(current: &str) -> String {
    let mut text = String::new();
    for (heading, names) in CONTENTS {
        let _ = write!(text, "<h2>{}</h2><ul>", escape(heading));
        for name in *names {
            let is_current = if *name == current {
                " aria-current=\"page\""
            } else {
                ""
            };
            let language = if is_chinese(name) {
                " lang=\"zh-Hans\""
            } else {
                ""
            };
            let title = escape(&title(name));
            let _ = write!(
                text,
                "<li><a href=\"{name}\"{language}{is_current}>{title}</a></li>"
            );
        }
        text.push_str("</ul>");
    }
    text
}

/// A document's first heading, or its name.
fn title(name: &str) -> String {
    let text = document(name).unwrap_or_default();
    match text.lines().find_map(|line| line.strip_prefix("# ")) {
        Some(title) => title.replace('`', ""),
        None => name.to_owned(),
    }
}

fn is_chinese(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, language)| language == "zh")
}
