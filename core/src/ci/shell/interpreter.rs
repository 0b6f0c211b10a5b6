//! Runs a parsed script against a world of modelled commands.

use std::collections::BTreeMap;

use super::ast::{Assignment, Command, CommandKind, Connector, Item, List, Pipeline, Value};
use super::pattern::matches;
use super::variables::Variables;
use crate::ci::commands;
use crate::ci::trace::UNKNOWN;
use crate::ci::world::World;

/// Nesting of function calls, `eval` and substitutions at run time.
const MAX_DEPTH: usize = 30;

/// What ends a list early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flow {
    Exit(i32),
    Return(i32),
    Break(u32),
    Continue(u32),
    /// The job's time limit, or the simulation's own bounds.
    TimeLimit,
}

pub(in crate::ci) type Done = Result<i32, Flow>;

/// Switches of `set`.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Options {
    pub errexit: bool,
    pub pipefail: bool,
    pub nounset: bool,
    pub xtrace: bool,
}

/// A shell in a world.
pub struct Shell<'w, 'b> {
    pub world: &'w mut World<'b>,
    pub variables: Variables,
    pub options: Options,
    /// `$?`.
    pub status: i32,
    /// Run when the shell ends.
    pub exit_trap: Option<String>,
    /// Line of the running command within its script, from 0.
    pub line: usize,
    pub(super) functions: BTreeMap<String, Command>,
    pub(in crate::ci) sinks: Vec<Vec<(u8, String)>>,
    pub(in crate::ci) input: Option<String>,
    /// Above 0 inside `$(…)`, where what a program prints matters.
    pub(in crate::ci) substituting: usize,
    /// Above 0 where a failure is tested and so does not end the script.
    pub(super) tested: usize,
    depth: usize,
    directory: String,
    substituted: Option<i32>,
}

impl<'w, 'b> Shell<'w, 'b> {
    pub fn new(world: &'w mut World<'b>, variables: Variables, directory: &str) -> Self {
        Self {
            world,
            variables,
            options: Options::default(),
            status: 0,
            exit_trap: None,
            line: 0,
            functions: BTreeMap::new(),
            sinks: vec![Vec::new()],
            input: None,
            substituting: 0,
            tested: 0,
            depth: 0,
            directory: directory.to_owned(),
            substituted: None,
        }
    }

    /// Runs one script entry; its output, in order, goes to `output`.
    pub fn run(&mut self, list: &List, output: &mut String) -> Done {
        self.sinks = vec![Vec::new()];
        let done = self.list(list);
        for (_, text) in self.sinks.pop().unwrap_or_default() {
            output.push_str(&text);
        }
        self.sinks.push(Vec::new());
        done
    }

    /// What was printed so far, both streams in order.
    pub fn printed(&self) -> String {
        self.sinks
            .iter()
            .flatten()
            .map(|(_, text)| text.as_str())
            .collect()
    }

    pub fn directory(&self) -> &str {
        &self.directory
    }

    pub fn change_directory(&mut self, path: &str) {
        if self.directory != path {
            self.variables.revision += 1;
            path.clone_into(&mut self.directory);
        }
    }

    /// Writes to standard output.
    pub fn out(&mut self, text: &str) {
        self.write(1, text);
    }

    /// Writes to standard error.
    pub fn err(&mut self, text: &str) {
        self.write(2, text);
    }

    fn write(&mut self, descriptor: u8, text: &str) {
        if text.is_empty() {
            return;
        }
        let text = self.world.budget.take_output(text);
        if let Some(sink) = self.sinks.last_mut() {
            sink.push((descriptor, text.to_owned()));
        }
    }

    /// All that is left of standard input.
    pub fn read_all(&mut self) -> String {
        self.input.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Whether something was piped or redirected into the command.
    pub fn has_input(&self) -> bool {
        self.input.is_some()
    }

    /// The next line of standard input.
    pub fn read_line(&mut self) -> Option<String> {
        let input = self.input.as_mut().filter(|text| !text.is_empty())?;
        let (line, rest) = match input.split_once('\n') {
            Some((line, rest)) => (line.to_owned(), rest.to_owned()),
            None => (std::mem::take(input), String::new()),
        };
        *input = rest;
        Some(line)
    }

    /// Parses and runs a text, as `eval`, `sh -c` and traps do.
    pub fn evaluate(&mut self, script: &str) -> Done {
        if self.depth >= MAX_DEPTH {
            return Err(Flow::TimeLimit);
        }
        match super::parse(script) {
            Ok(list) => {
                self.depth += 1;
                let done = self.list(&list);
                self.depth -= 1;
                done
            }
            Err(error) => {
                self.err(&format!("{error}\n"));
                Ok(2)
            }
        }
    }

    /// Runs something with a copy of the variables; only files and the world outlive it.
    pub fn isolated(&mut self, run: impl FnOnce(&mut Self) -> Done) -> Done {
        if self.depth >= MAX_DEPTH {
            return Err(Flow::TimeLimit);
        }
        self.depth += 1;
        let variables = self.variables.clone();
        let functions = self.functions.clone();
        let (options, directory) = (self.options, self.directory.clone());
        let done = run(self);
        self.variables = variables;
        self.functions = functions;
        self.options = options;
        self.directory = directory;
        self.depth -= 1;
        match done {
            Err(Flow::Exit(status) | Flow::Return(status)) => Ok(status),
            Err(Flow::Break(_) | Flow::Continue(_)) => Ok(0),
            Ok(_) | Err(Flow::TimeLimit) => done,
        }
    }

    pub(super) fn list(&mut self, list: &List) -> Done {
        let mut status = 0;
        for item in list {
            status = self.item(item)?;
        }
        Ok(status)
    }

    fn item(&mut self, item: &Item) -> Done {
        if item.background {
            let single = Item {
                background: false,
                ..item.clone()
            };
            self.world.in_background += 1;
            let done = self.testing(|shell| shell.isolated(|shell| shell.item(&single)));
            self.world.in_background -= 1;
            self.status = 0;
            return match done {
                Err(Flow::TimeLimit) | Ok(_) => Ok(0),
                other => other,
            };
        }
        let last = item.rest.len();
        let mut status = self.and_or_part(&item.first, last == 0)?;
        for (at, (connector, pipeline)) in item.rest.iter().enumerate() {
            let runs = match connector {
                Connector::And => status == 0,
                Connector::Or => status != 0,
            };
            if let Some(done) = self.guessed(*connector, pipeline) {
                status = done?;
            } else if runs {
                status = self.and_or_part(pipeline, at + 1 == last)?;
            }
        }
        Ok(status)
    }

    fn and_or_part(&mut self, pipeline: &Pipeline, is_last: bool) -> Done {
        if is_last {
            self.pipeline(pipeline)
        } else {
            self.testing(|shell| shell.pipeline(pipeline))
        }
    }

    pub(super) fn testing(&mut self, run: impl FnOnce(&mut Self) -> Done) -> Done {
        self.tested += 1;
        let done = run(self);
        self.tested -= 1;
        done
    }

    pub(super) fn pipeline(&mut self, pipeline: &Pipeline) -> Done {
        let run = |shell: &mut Self| match pipeline.commands.as_slice() {
            [only] => shell.command(only),
            several => shell.pipe(several),
        };
        if pipeline.negated {
            let status = self.testing(run)?;
            self.status = i32::from(status == 0);
            return Ok(self.status);
        }
        let status = run(self)?;
        self.status = status;
        if status != 0 && self.options.errexit && self.tested == 0 && self.is_sure() {
            return Err(Flow::Exit(status));
        }
        Ok(status)
    }

    /// Each command in a copy of the shell, the text of one being the input of the next.
    fn pipe(&mut self, commands: &[Command]) -> Done {
        let outer_input = self.input.take();
        let mut input = outer_input.clone();
        let first_call = self.calls();
        let mut failed = 0;
        let mut status = 0;
        for (at, command) in commands.iter().enumerate() {
            let is_last = at + 1 == commands.len();
            self.input = input.take();
            self.sinks.push(Vec::new());
            let done = self.isolated(|shell| shell.command(command));
            let chunks = self.sinks.pop().unwrap_or_default();
            let mut piped = String::new();
            for (descriptor, text) in chunks {
                if descriptor == 1 && !is_last {
                    piped.push_str(&text);
                } else if let Some(sink) = self.sinks.last_mut() {
                    sink.push((descriptor, text));
                }
            }
            input = Some(piped);
            match done {
                Ok(code) => status = code,
                Err(flow) => {
                    self.input = outer_input;
                    return Err(flow);
                }
            }
            if status != 0 {
                failed = status;
            }
        }
        self.input = outer_input;
        self.join_calls(first_call);
        Ok(if self.options.pipefail {
            failed
        } else {
            status
        })
    }

    pub(super) fn command(&mut self, command: &Command) -> Done {
        self.world.budget.take_command()?;
        if self.depth >= MAX_DEPTH {
            return Err(Flow::TimeLimit);
        }
        self.line = command.line;
        self.depth += 1;
        let done = if command.redirects.is_empty() {
            self.kind(&command.kind)
        } else {
            self.redirected(&command.redirects, |shell| shell.kind(&command.kind))
        };
        self.depth -= 1;
        done
    }

    fn kind(&mut self, kind: &CommandKind) -> Done {
        match kind {
            CommandKind::Simple { assignments, words } => {
                if words.is_empty() {
                    return self.assignments(assignments);
                }
                self.substituted = None;
                let fields = self.fields(words)?;
                self.simple(assignments, &fields)
            }
            CommandKind::Group(list) => self.list(list),
            CommandKind::Subshell(list) => self.isolated(|shell| shell.list(list)),
            CommandKind::If { arms, otherwise } if self.world.trace.is_some() => {
                self.traced_if(arms, otherwise.as_ref())
            }
            CommandKind::If { arms, otherwise } => {
                for (condition, body) in arms {
                    if self.testing(|shell| shell.list(condition))? == 0 {
                        return self.list(body);
                    }
                }
                otherwise.as_ref().map_or(Ok(0), |body| self.list(body))
            }
            CommandKind::Loop {
                until,
                condition,
                body,
            } => self.repeat(*until, condition, body),
            CommandKind::For { name, words, body } => {
                let items = match words {
                    Some(words) => self.fields(words)?,
                    None => self.variables.positional.clone(),
                };
                self.each(name, items, body)
            }
            CommandKind::ArithmeticFor {
                start,
                condition,
                step,
                body,
            } => self.counted(start, condition, step, body),
            CommandKind::Case { word, arms } => {
                let text = self.expand(word)?;
                if self.world.trace.is_some() && text.contains(UNKNOWN) {
                    return self.every_arm(arms);
                }
                for (patterns, body) in arms {
                    for pattern in patterns {
                        let pattern = self.pattern(pattern)?;
                        if matches(&pattern, &text) {
                            return self.list(body);
                        }
                    }
                }
                Ok(0)
            }
            CommandKind::Function { name, body } => {
                self.functions.insert(name.clone(), (**body).clone());
                Ok(0)
            }
            CommandKind::Test(words) => {
                self.weigh_test(words)?;
                commands::double_bracket(self, words)
            }
            CommandKind::Arithmetic(text) => Ok(i32::from(self.arithmetic(text)? == 0)),
        }
    }

    /// Expands a word of `[[ … ]]`: as a pattern or as plain text.
    pub(in crate::ci) fn test_operand(
        &mut self,
        word: &super::ast::Word,
        pattern: bool,
    ) -> Result<String, Flow> {
        if pattern {
            self.pattern(word)
        } else {
            self.expand(word)
        }
    }

    fn assignments(&mut self, assignments: &[Assignment]) -> Done {
        self.substituted = None;
        for assignment in assignments {
            self.assign(assignment)?;
        }
        let status = self.substituted.take().unwrap_or(0);
        Ok(status)
    }

    fn assign(&mut self, assignment: &Assignment) -> Result<(), Flow> {
        let name = &assignment.name;
        match &assignment.value {
            Value::Array(words) => {
                let mut items = if assignment.append {
                    self.variables.array(name).unwrap_or_default().to_vec()
                } else {
                    Vec::new()
                };
                items.extend(self.fields(words)?);
                items.truncate(4_000);
                self.variables.set_array(name, items);
            }
            Value::Word(word) => {
                let value = self.expand(word)?;
                if let Some(index) = &assignment.index {
                    let at = usize::try_from(self.arithmetic(index)?)
                        .unwrap_or(0)
                        .min(4_000);
                    let mut items = self.variables.array(name).unwrap_or_default().to_vec();
                    if items.len() <= at {
                        items.resize(at + 1, String::new());
                    }
                    items[at] = value;
                    self.variables.set_array(name, items);
                } else if assignment.append {
                    let old = self.variables.get(name).unwrap_or_default().to_owned();
                    self.variables.set(name, old + &value);
                } else {
                    self.variables.set(name, value);
                }
            }
        }
        Ok(())
    }

    fn simple(&mut self, assignments: &[Assignment], fields: &[String]) -> Done {
        let Some((name, arguments)) = fields.split_first() else {
            return Ok(self.substituted.take().unwrap_or(0));
        };
        if assignments.is_empty() {
            return self.invoke(name, arguments);
        }
        let saved: Vec<(String, Option<String>, bool)> = assignments
            .iter()
            .map(|a| {
                let value = self.variables.get(&a.name).map(str::to_owned);
                (
                    a.name.clone(),
                    value,
                    self.variables.exported(&a.name).is_some(),
                )
            })
            .collect();
        let before = self.variables.revision;
        for assignment in assignments {
            self.assign(assignment)?;
            self.variables.export(&assignment.name);
        }
        let revision = self.variables.revision;
        let done = self.invoke(name, arguments);
        let changed = self.variables.revision != revision;
        for (name, value, exported) in saved {
            self.variables.unset(&name);
            if let Some(value) = value {
                self.variables.set(&name, value);
            }
            if exported {
                self.variables.export(&name);
            }
        }
        if !changed {
            self.variables.revision = before;
        }
        done
    }

    /// Calls a function, a builtin or a program.
    pub fn invoke(&mut self, name: &str, arguments: &[String]) -> Done {
        if self.options.xtrace {
            let words: Vec<&str> = std::iter::once(name)
                .chain(arguments.iter().map(String::as_str))
                .collect();
            self.err(&format!("+ {}\n", words.join(" ")));
        }
        if let Some(body) = self.functions.get(name).cloned() {
            let outer = std::mem::replace(&mut self.variables.positional, arguments.to_vec());
            let done = self.command(&body);
            self.variables.positional = outer;
            return match done {
                Err(Flow::Return(status)) => Ok(status),
                other => other,
            };
        }
        commands::run(self, name, arguments)
    }

    /// Puts back what a branch that may not have run changed: those values are unknown.
    pub(super) fn forget_changes(&mut self, before: &Variables, directory: &str) {
        self.variables.forget_changes(before);
        if self.directory != directory {
            self.directory = format!("/{UNKNOWN}");
        }
    }

    pub fn has_function(&self, name: &str) -> bool {
        self.functions.contains_key(name)
    }

    /// `$(…)`: standard output without the line breaks at its end.
    pub(super) fn substitute(&mut self, list: &List) -> Result<String, Flow> {
        self.sinks.push(Vec::new());
        let tested = std::mem::take(&mut self.tested);
        let outer_input = self.input.clone();
        self.substituting += 1;
        let done = self.isolated(|shell| shell.list(list));
        self.substituting -= 1;
        self.input = outer_input;
        self.tested = tested;
        let chunks = self.sinks.pop().unwrap_or_default();
        let mut text = String::new();
        for (descriptor, chunk) in chunks {
            if descriptor == 1 {
                text.push_str(&chunk);
            } else if let Some(sink) = self.sinks.last_mut() {
                sink.push((descriptor, chunk));
            }
        }
        self.substituted = Some(done?);
        text.truncate(text.trim_end_matches('\n').len());
        Ok(text)
    }
}
