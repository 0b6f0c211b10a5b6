//! Markdown to HTML: headings with the anchors that forges give them, links between documents, and
//! everything that looks like HTML as the text that it is.

use std::collections::HashMap;
use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::is_served;

/// A document as HTML.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) html: String,
    pub(super) headings: Vec<Heading>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// From 1.
    pub(super) depth: usize,
    pub(super) id: String,
    pub(super) text: String,
}

impl Rendered {
    /// The first heading.
    pub(super) fn title(&self) -> &str {
        self.headings
            .first()
            .map_or("", |heading| heading.text.as_str())
    }
}

/// Renders a document that lies in `docs/` or in the root.
pub(super) fn render(markdown: &str) -> Rendered {
    let events: Vec<Event<'_>> = Parser::new_ext(markdown, Options::ENABLE_TABLES).collect();
    let headings = headings(&events);
    let mut ids = headings.iter().map(|heading| heading.id.clone());
    let mut links = Vec::new();
    let mut current = String::new();
    let shown = events.into_iter().filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Heading { level, .. }) => {
            current = ids.next().unwrap_or_default();
            Some(markup(format!(
                "<h{} id=\"{}\">",
                depth(level),
                escape(&current)
            )))
        }
        Event::End(TagEnd::Heading(level)) => Some(markup(format!(
            " <a class=\"anchor\" href=\"#{}\" aria-hidden=\"true\" tabindex=\"-1\">#</a></h{}>\n",
            escape(&current),
            depth(level)
        ))),
        Event::Start(Tag::CodeBlock(_)) => Some(markup("<pre tabindex=\"0\"><code>".to_owned())),
        Event::End(TagEnd::CodeBlock) => Some(markup("</code></pre>\n".to_owned())),
        Event::Start(Tag::Link { dest_url, .. }) => {
            let target = target(&dest_url);
            links.push(target.is_some());
            target.map(|target| markup(format!("<a href=\"{}\">", escape(&target))))
        }
        Event::End(TagEnd::Link) => links
            .pop()
            .unwrap_or_default()
            .then(|| markup("</a>".to_owned())),
        // There are none; what one would show stays as its text.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        other => Some(other),
    });
    let mut text = String::new();
    html::push_html(&mut text, shown);
    let text = text
        .replace("<table>", "<div class=\"table\" tabindex=\"0\"><table>")
        .replace("</table>", "</table></div>");
    Rendered {
        html: text,
        headings,
    }
}

fn markup(text: String) -> Event<'static> {
    Event::Html(CowStr::from(text))
}

/// All headings with the anchors that forges give them: the second of one name ends in `-1`.
fn headings(events: &[Event<'_>]) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut open: Option<(usize, String)> = None;
    for event in events {
        match (event, &mut open) {
            (Event::Start(Tag::Heading { level, .. }), _) => {
                open = Some((depth(*level), String::new()));
            }
            (Event::Text(text) | Event::Code(text), Some((_, whole))) => whole.push_str(text),
            (Event::End(TagEnd::Heading(_)), Some((depth, text))) => {
                let mut id = anchor(text);
                let count = seen.entry(id.clone()).or_default();
                if *count > 0 {
                    let _ = write!(id, "-{count}");
                }
                *count += 1;
                headings.push(Heading {
                    depth: *depth,
                    id,
                    text: std::mem::take(text),
                });
                open = None;
            }
            _ => {}
        }
    }
    headings
}

/// Lower case, blanks as hyphens, punctuation gone.
fn anchor(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            _ => c.is_alphanumeric().then_some(c),
        })
        .flat_map(char::to_lowercase)
        .collect()
}

fn depth(level: HeadingLevel) -> usize {
    level as usize
}

/// Where a link leads from `/docs/`; nothing for files that are not served.
fn target(written: &str) -> Option<String> {
    if written.starts_with("https://") || written.starts_with('#') {
        return Some(written.to_owned());
    }
    let (path, anchor) = written
        .split_once('#')
        .map_or((written, None), |(path, anchor)| (path, Some(anchor)));
    let file = path.rsplit('/').next().unwrap_or_default();
    let name = file.strip_suffix(".md").unwrap_or(file);
    if !is_served(name) {
        return None;
    }
    let name = if name == "index" { "./" } else { name };
    Some(anchor.map_or_else(|| name.to_owned(), |anchor| format!("{name}#{anchor}")))
}

/// Text as it may stand in an element or in a quoted attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_stays_text() {
        let html = render(
            "# A <b>title</b>\n\n<script>go()</script>\n\nand <img src=x onerror=go()> `<i>`\n\n\
             [a](javascript:go()) [b](data:text/html,x) [c](http://plain.example)\n\n\
             ![d](https://tracker.example/x.png)\n\n```\"><script>\n</code><script>\n```\n\n\
             [e](https://e.example/\"onclick=\"go())\n",
        )
        .html;
        for bad in [
            "<script",
            "<img",
            "<b>",
            "<i>",
            "javascript:",
            "data:",
            "http:",
            "tracker",
            "\"onclick",
        ] {
            let kept = html.replace("&quot;", "");
            assert!(!kept.contains(bad), "{bad}: {html}");
        }
        assert!(html.contains("&lt;script&gt;go()&lt;/script&gt;"), "{html}");
    }

    #[test]
    fn headings_have_the_anchors_of_forges() {
        let rendered = render("# What's `new`?\n\n## One two\n\n## One two\n\n## 退出码 0\n");
        let ids: Vec<&str> = rendered.headings.iter().map(|h| h.id.as_str()).collect();
        assert_eq!(ids, ["whats-new", "one-two", "one-two-1", "退出码-0"]);
        assert!(
            rendered.html.contains("<h2 id=\"one-two-1\">One two "),
            "{}",
            rendered.html
        );
    }

    #[test]
    fn links_between_documents_lead_to_their_pages() {
        for (written, expected) in [
            ("rules.md", Some("rules")),
            ("rules.md#tag-moved", Some("rules#tag-moved")),
            ("docs/teaching.zh.md", Some("teaching.zh")),
            ("../CHANGELOG.md", Some("CHANGELOG")),
            ("index.md", Some("./")),
            ("#here", Some("#here")),
            ("https://example.com/a", Some("https://example.com/a")),
            (
                "../verifier-cli/src/output/report.schema.json",
                Some("report.schema.json"),
            ),
            ("../verifier-cli/src/main.rs", None),
            ("//evil.example", None),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(target(written).as_deref(), expected, "{written}");
        }
    }
}
