//! What is known of a rule without running it.

use crate::diagnostic::Severity;

/// A rule's identity and its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metadata {
    /// The one stable name; it names the problem, so that "allow `<name>`" reads.
    pub name: &'static str,
    /// The gravest severity that it reports with.
    pub severity: Severity,
    pub group: Group,
    /// What is wrong, as a short heading; English, then Simplified Chinese.
    pub title: &'static str,
    pub title_zh: &'static str,
    /// Why a finding matters, in Simplified Chinese, without the case at hand; empty where nobody
    /// has written it yet.
    pub why_zh: &'static str,
    /// First version of polyarch that has it.
    pub since: &'static str,
    /// Whether `--allow` may cover it.
    pub waivable: bool,
    /// Whether its errors make a verification inconclusive instead of failed.
    pub inconclusive: bool,
    /// Ids of the pitfall catalogue that it covers.
    pub pitfalls: &'static [&'static str],
    /// The page, in Markdown, one leading space a line as doc comments have it.
    pub docs: &'static str,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// An image in a registry.
    Image,
    /// A Dockerfile.
    Dockerfile,
    /// BuildKit's own lint, with BuildKit's names and texts.
    BuildKit,
    /// A CI job and its runner.
    Job,
    /// Builder, driver and outputs.
    Builder,
    /// Pushing to a registry.
    Push,
}

impl Group {
    /// The heading over its rules.
    pub fn title(self) -> &'static str {
        match self {
            Self::Image => "Images in a registry",
            Self::Dockerfile => "Dockerfile",
            Self::BuildKit => "BuildKit's own lint",
            Self::Job => "CI job",
            Self::Builder => "Builder",
            Self::Push => "Push",
        }
    }

    /// The heading in Simplified Chinese.
    pub fn title_zh(self) -> &'static str {
        match self {
            Self::Image => "仓库中的镜像",
            Self::Dockerfile => "Dockerfile",
            Self::BuildKit => "BuildKit 自带检查",
            Self::Job => "CI 任务",
            Self::Builder => "构建器",
            Self::Push => "推送",
        }
    }
}

/// A fenced example of a rule's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The language before the comma: `image`, `dockerfile`, `gitlab`, `github`, `text`.
    pub language: String,
    pub kind: ExampleKind,
    pub text: String,
}

/// What an example is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExampleKind {
    /// The rule reports it.
    Fails,
    /// The rule does not report it.
    Passes,
    /// Only shown.
    Shown,
}

impl Metadata {
    /// The page without the space that doc comments put before each line.
    pub fn page(&self) -> String {
        let mut page = String::new();
        for line in self.docs.lines() {
            page.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
            page.push('\n');
        }
        page
    }

    /// The fenced examples of the page, in order.
    pub fn examples(&self) -> Vec<Example> {
        let mut examples = Vec::new();
        let mut open: Option<Example> = None;
        for line in self.page().lines() {
            match (line.strip_prefix("```"), &mut open) {
                (Some(_), Some(_)) => examples.extend(open.take()),
                (Some(info), None) => open = Some(Example::opened(info)),
                (None, Some(example)) => {
                    example.text.push_str(line);
                    example.text.push('\n');
                }
                (None, None) => {}
            }
        }
        examples
    }
}

impl Example {
    fn opened(info: &str) -> Self {
        let (language, flag) = info.split_once(',').unwrap_or((info, ""));
        let kind = match flag {
            "fails" => ExampleKind::Fails,
            "passes" => ExampleKind::Passes,
            _ => ExampleKind::Shown,
        };
        Self {
            language: language.to_owned(),
            kind,
            text: String::new(),
        }
    }
}
