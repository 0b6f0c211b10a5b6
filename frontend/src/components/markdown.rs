//! The little Markdown that rule pages use: headings, paragraphs, lists, code and fences.
//!
//! Everything is text; nothing in a page is ever read as HTML.

use yew::prelude::*;

use super::prose::prose;

/// A block of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// A heading with its depth.
    Heading(usize, String),
    Paragraph(String),
    List(Vec<String>),
    /// Info string and text of a fence.
    Code(String, String),
}

/// The page as elements; headings begin below the page's own.
pub(crate) fn markdown(text: &str) -> Html {
    html! { <>{ for blocks(text).iter().map(block) }</> }
}

fn block(block: &Block) -> Html {
    match block {
        Block::Heading(depth, text) if *depth <= 2 => html! { <h2>{ prose(text) }</h2> },
        Block::Heading(_, text) => html! { <h3>{ prose(text) }</h3> },
        Block::Paragraph(text) => html! { <p>{ prose(text) }</p> },
        Block::List(items) => {
            html! { <ul>{ for items.iter().map(|item| html! { <li>{ prose(item) }</li> }) }</ul> }
        }
        Block::Code(info, text) => {
            let language = info.split(',').next().unwrap_or_default().to_owned();
            html! { <pre tabindex="0" data-language={language}><code>{ text }</code></pre> }
        }
    }
}

/// The blocks of a page. An unclosed fence reaches to the end.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let code: Vec<&str> = lines
                .by_ref()
                .take_while(|l| !l.starts_with("```"))
                .collect();
            blocks.push(Block::Code(info.to_owned(), code.join("\n")));
        } else if line.starts_with('#') {
            let title = line.trim_start_matches('#');
            blocks.push(Block::Heading(
                line.len() - title.len(),
                title.trim().to_owned(),
            ));
        } else if let Some(item) = line.strip_prefix("- ") {
            match blocks.last_mut() {
                Some(Block::List(items)) => items.push(item.to_owned()),
                _ => blocks.push(Block::List(vec![item.to_owned()])),
            }
        } else if !line.trim().is_empty() {
            let mut paragraph = line.trim().to_owned();
            while let Some(more) = lines.next_if(|next| continues(next)) {
                paragraph.push(' ');
                paragraph.push_str(more.trim());
            }
            blocks.push(Block::Paragraph(paragraph));
        }
    }
    blocks
}

fn continues(line: &str) -> bool {
    let starts_other = ["```", "#", "- "]
        .iter()
        .any(|start| line.starts_with(start));
    !line.trim().is_empty() && !starts_other
}

#[cfg(test)]
mod tests {
    use polyarch_core::rules;

    use super::*;

    #[test]
    fn blocks_are_told_apart() {
        let text = "## Why\nA line\nand more.\n- one\n- two\n```text,fails\n# not a heading\n```\n";
        assert_eq!(
            blocks(text),
            [
                Block::Heading(2, "Why".to_owned()),
                Block::Paragraph("A line and more.".to_owned()),
                Block::List(vec!["one".to_owned(), "two".to_owned()]),
                Block::Code("text,fails".to_owned(), "# not a heading".to_owned()),
            ]
        );
    }

    #[test]
    fn every_rules_page_keeps_its_fences_and_headings() {
        for rule in rules::all() {
            let metadata = rule.metadata();
            let blocks = blocks(&metadata.page());
            let fences = blocks
                .iter()
                .filter(|b| matches!(b, Block::Code(..)))
                .count();
            assert_eq!(fences, metadata.examples().len(), "{}", metadata.name);
            assert!(
                blocks.iter().any(|b| matches!(b, Block::Heading(..))),
                "{}",
                metadata.name
            );
        }
    }
}
