//! Reads scenarios and lessons: front matter, sections under `# ` headings, files in fences.
//!
//! Strict, unlike everything that reads users' texts: an unknown key or heading is an error, since
//! these files are ours. Several documents may follow each other in one text.

use std::collections::BTreeMap;

use super::expectation::{Expectation, Wrong, verdict_word};
use super::goal::{Goal, Test};
use super::project;
use super::{Both, Choice, Group, Lesson, Scenario};
use crate::analysis::{Project, VerdictKind};

/// All documents of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library {
    /// In the gallery's order.
    pub scenarios: Vec<Scenario>,
    /// In the path's order.
    pub lessons: Vec<Lesson>,
}

/// A text that is no library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ReadError {
    /// From 1.
    pub line: usize,
    pub what: String,
}

type Read<T> = Result<T, ReadError>;

/// Reads one or several documents.
pub fn read(text: &str) -> Read<Library> {
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|at| begins(&lines, *at)).collect();
    let mut library = Library::default();
    for (nth, start) in starts.iter().enumerate() {
        let end = starts.get(nth + 1).copied().unwrap_or(lines.len());
        let document = Document::read(&lines[*start..end], *start + 1)?;
        if document.is_lesson {
            library.lessons.push(document.lesson()?);
        } else {
            library.scenarios.push(document.scenario()?);
        }
    }
    library.lessons.sort_by_key(|lesson| lesson.number);
    let order = |one: &Scenario| (one.group, one.rank, one.name.clone());
    library.scenarios.sort_by_key(order);
    Ok(library)
}

/// Whether a document begins at this line: a rule, and under it what it is.
fn begins(lines: &[&str], at: usize) -> bool {
    let next = lines.get(at + 1).copied().unwrap_or_default();
    lines[at] == "---" && (next.starts_with("scenario: ") || next.starts_with("lesson: "))
}

/// A line with its number.
type Line<'a> = (usize, &'a str);

struct Document<'a> {
    is_lesson: bool,
    name: &'a str,
    line: usize,
    keys: Vec<(usize, &'a str, &'a str)>,
    sections: BTreeMap<&'a str, Vec<Line<'a>>>,
}

impl<'a> Document<'a> {
    fn read(lines: &[&'a str], first: usize) -> Read<Self> {
        let mut numbered = (first..).zip(lines.iter().copied()).skip(1);
        let mut keys = Vec::new();
        for (line, text) in numbered.by_ref().take_while(|(_, text)| *text != "---") {
            let (key, value) = text
                .split_once(": ")
                .ok_or_else(|| wrong(line, "it is `key: value`"))?;
            keys.push((line, key, value));
        }
        let mut sections: BTreeMap<&str, Vec<Line>> = BTreeMap::new();
        let (mut open, mut fenced) = ("", false);
        for (line, text) in numbered {
            fenced ^= text.starts_with("```");
            match text.strip_prefix("# ").filter(|_| !fenced) {
                Some(heading) => {
                    if !HEADINGS.contains(&heading) {
                        return Err(wrong(line, "no such heading"));
                    }
                    open = heading;
                    sections.entry(open).or_default();
                }
                None => sections.entry(open).or_default().push((line, text)),
            }
        }
        if fenced {
            return Err(wrong(first, "a fence is not closed"));
        }
        let (_, kind, name) = keys.remove(0);
        Ok(Self {
            is_lesson: kind == "lesson",
            name,
            line: first,
            keys,
            sections,
        })
    }

    fn scenario(&self) -> Read<Scenario> {
        let mut project = project::blank();
        let mut expectation = Expectation::blank();
        let (mut title, mut group, mut rank) = (Both::default(), None, 50);
        let mut tags = Vec::new();
        for (line, key, value) in &self.keys {
            match *key {
                "title" => (*value).clone_into(&mut title.english),
                "title-zh" => (*value).clone_into(&mut title.chinese),
                "group" => {
                    group = Group::ALL
                        .into_iter()
                        .find(|group| group.as_str() == *value);
                }
                "rank" => rank = value.parse().map_err(|_| wrong(*line, "it is a number"))?,
                "tags" => tags = words(value),
                _ => {
                    let known = expect(&mut expectation, key, value)
                        .or_else(|| project::set(&mut project, key, value).transpose_known());
                    told(known, *line)?;
                }
            }
        }
        self.files("Files", &mut project)?;
        Ok(Scenario {
            name: self.name.to_owned(),
            title: self.whole(title)?,
            group: group.ok_or_else(|| wrong(self.line, "it has no group"))?,
            rank,
            tags,
            look: self.text("Look", "看点")?,
            project,
            expectation,
        })
    }

    fn lesson(&self) -> Read<Lesson> {
        let mut start = project::blank();
        let (mut title, mut number, mut answer) = (Both::default(), 0, 0_usize);
        let (mut goals, mut begins, mut shows_job) = (Vec::new(), Vec::new(), false);
        for (line, key, value) in &self.keys {
            let count = || value.parse().map_err(|_| wrong(*line, "it is a number"));
            match *key {
                "title" => (*value).clone_into(&mut title.english),
                "title-zh" => (*value).clone_into(&mut title.chinese),
                "number" => number = count()?,
                "answer" => answer = usize::from(count()?).saturating_sub(1),
                "shows" => shows_job = *value == "job",
                "begins" => {
                    begins.push(Test::read(value).ok_or_else(|| wrong(*line, "no such test"))?);
                }
                "goal" => goals.push(goal(value).ok_or_else(|| wrong(*line, "no such goal"))?),
                _ => told(
                    project::set(&mut start, key, value).transpose_known(),
                    *line,
                )?,
            }
        }
        self.files("Files", &mut start)?;
        let mut solution = start.clone();
        self.files("Solution", &mut solution)?;
        let (question, choices) = self.question()?;
        Ok(Lesson {
            name: self.name.to_owned(),
            number,
            title: self.whole(title)?,
            read: self.text("Read", "阅读")?,
            question,
            choices,
            answer,
            see: self.text("See", "结果")?,
            change: self.text("Change", "目标")?,
            goals,
            begins,
            hints: self.hints()?,
            project: start,
            solution,
            shows_job,
        })
    }

    /// Front matter and fences of a section, applied to a project.
    fn files(&self, heading: &str, project: &mut Project) -> Read<()> {
        let mut lines = self.section(heading).iter();
        while let Some((line, text)) = lines.next() {
            if let Some(info) = text.strip_prefix("```") {
                let (_, path) = info
                    .split_once(' ')
                    .ok_or_else(|| wrong(*line, "a fence says its language and its path"))?;
                let mut content = String::new();
                for (_, text) in lines.by_ref().take_while(|(_, text)| *text != "```") {
                    content.push_str(text);
                    content.push('\n');
                }
                project::add(project, path, content);
            } else if !text.is_empty() {
                let (key, value) = text
                    .split_once(": ")
                    .ok_or_else(|| wrong(*line, "it is `key: value` or a fence"))?;
                told(project::set(project, key, value).transpose_known(), *line)?;
            }
        }
        Ok(())
    }

    fn question(&self) -> Read<(Both, Vec<Choice>)> {
        let (english, chinese) = (self.asked("Predict"), self.asked("预测"));
        if english.1.len() != chinese.1.len() || english.1.len() < 2 {
            return Err(wrong(self.line, "both languages have the same choices"));
        }
        let both = |english: &str, chinese: &str| Both {
            english: english.to_owned(),
            chinese: chinese.to_owned(),
        };
        let choice = |(english, chinese): (&(&str, &str), &(&str, &str))| Choice {
            what: both(english.0, chinese.0),
            why: both(english.1, chinese.1),
        };
        let choices = english.1.iter().zip(&chinese.1).map(choice).collect();
        let question = Both {
            english: english.0,
            chinese: chinese.0,
        };
        Ok((self.whole(question)?, choices))
    }

    /// The question's text and its choices, each with its reason.
    fn asked(&self, heading: &str) -> (String, Vec<(&'a str, &'a str)>) {
        let lines = self.section(heading);
        let items = lines.iter().filter_map(|(_, text)| text.strip_prefix("- "));
        let choices = items.map(|item| item.split_once(" | ").unwrap_or((item, "")));
        let text = lines.iter().map(|(_, text)| *text);
        (
            joined(text.filter(|text| !text.starts_with("- "))),
            choices.collect(),
        )
    }

    fn hints(&self) -> Read<Vec<Both>> {
        let items = |heading| {
            let lines = self.section(heading).iter();
            lines.filter_map(|(_, text)| text.strip_prefix("- "))
        };
        let (english, chinese) = (items("Hints"), items("提示"));
        if english.clone().count() != chinese.clone().count() {
            return Err(wrong(self.line, "both languages have the same hints"));
        }
        let both = |(english, chinese): (&str, &str)| Both {
            english: english.to_owned(),
            chinese: chinese.to_owned(),
        };
        Ok(english.zip(chinese).map(both).collect())
    }

    fn section(&self, heading: &str) -> &[Line<'a>] {
        self.sections.get(heading).map_or(&[], Vec::as_slice)
    }

    fn text(&self, english: &str, chinese: &str) -> Read<Both> {
        let text = |heading| joined(self.section(heading).iter().map(|(_, text)| *text));
        self.whole(Both {
            english: text(english),
            chinese: text(chinese),
        })
    }

    /// The text, if neither language lacks it.
    fn whole(&self, text: Both) -> Read<Both> {
        if text.english.is_empty() || text.chinese.is_empty() {
            return Err(wrong(
                self.line,
                "a text is missing in one of the languages",
            ));
        }
        Ok(text)
    }
}

const HEADINGS: &[&str] = &[
    "Look", "看点", "Files", "Solution", "Read", "阅读", "Predict", "预测", "See", "结果",
    "Change", "目标", "Hints", "提示",
];

/// Takes a key of the expectation; `None` if it is none.
fn expect(
    expectation: &mut Expectation,
    key: &str,
    value: &str,
) -> Option<Result<(), &'static str>> {
    let taken = match key {
        "verdict" => verdict(value).map(|(kind, published)| {
            expectation.verdict = kind;
            expectation.published = published;
        }),
        "ends" => {
            let passes = matches!(value, "passes" | "fails").then_some(value == "passes");
            expectation.passes = passes;
            passes.map(|_| ())
        }
        "expect" => value
            .split(", ")
            .map(|one| {
                let (platform, word) = one.split_once(' ')?;
                let right = matches!(word, "ok" | "fails").then_some(word == "ok")?;
                Some((platform.to_owned(), right))
            })
            .collect::<Option<_>>()
            .map(|platforms| expectation.platforms = platforms),
        "errors" => {
            expectation.errors = words(value);
            Some(())
        }
        "notes" => {
            expectation.notes = words(value);
            Some(())
        }
        "content" => wrong_file(value).map(|file| expectation.content.push(file)),
        _ => return None,
    };
    Some(taken.ok_or("the expectation cannot be read"))
}

fn verdict(text: &str) -> Option<(VerdictKind, usize)> {
    let (word, count) = text.split_once(' ')?;
    let kinds = [
        VerdictKind::Publishes,
        VerdictKind::PublishesWrong,
        VerdictKind::Fails,
        VerdictKind::NothingPushed,
    ];
    let kind = kinds.into_iter().find(|kind| verdict_word(*kind) == word)?;
    Some((kind, count.parse().ok()?))
}

fn wrong_file(text: &str) -> Option<Wrong> {
    let mut words = text.split(' ').map(str::to_owned);
    let (platform, path, machine) = (words.next()?, words.next()?, words.next()?);
    Some(Wrong {
        platform,
        path,
        machine,
    })
}

/// `TEST | label | 标签`.
fn goal(text: &str) -> Option<Goal> {
    let mut parts = text.split(" | ");
    let (asked, english, chinese) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Goal {
        test: Test::read(asked)?,
        label: Both {
            english: english.to_owned(),
            chinese: chinese.to_owned(),
        },
    })
}

/// A project's answer to a key, in the shape of an expectation's.
trait Known {
    fn transpose_known(self) -> Option<Result<(), &'static str>>;
}

impl Known for Result<bool, &'static str> {
    fn transpose_known(self) -> Option<Result<(), &'static str>> {
        match self {
            Ok(true) => Some(Ok(())),
            Ok(false) => None,
            Err(what) => Some(Err(what)),
        }
    }
}

fn told(known: Option<Result<(), &'static str>>, line: usize) -> Read<()> {
    known
        .unwrap_or(Err("no such key"))
        .map_err(|what| wrong(line, what))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = lines.collect();
    lines.join("\n").trim().to_owned()
}

fn wrong(line: usize, what: &str) -> ReadError {
    ReadError {
        line,
        what: what.to_owned(),
    }
}
