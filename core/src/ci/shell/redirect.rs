//! Redirections: where each stream of a command goes.

use super::ast::{Redirect, RedirectKind};
use super::interpreter::{Done, Flow, Shell};

/// Where a stream ends up.
#[derive(Clone, PartialEq)]
enum Goal {
    Stream(u8),
    File(String),
    Nowhere,
}

impl Shell<'_, '_> {
    pub(super) fn redirected(
        &mut self,
        redirects: &[Redirect],
        run: impl FnOnce(&mut Self) -> Done,
    ) -> Done {
        let mut goals = [Goal::Nowhere, Goal::Stream(1), Goal::Stream(2)];
        let outer_input = self.input.clone();
        let first_call = self.calls();
        let mut input = None;
        let append = redirects.iter().any(Redirect::appends);
        for redirect in redirects {
            if let Some(status) = self.prepare(redirect, &mut goals, &mut input)? {
                return Ok(status);
            }
        }
        let has_own_input = input.is_some();
        if has_own_input {
            self.input = input;
        }
        self.sinks.push(Vec::new());
        let done = run(self);
        let chunks = self.sinks.pop().unwrap_or_default();
        if has_own_input {
            self.input = outer_input;
        }
        if let (Some(first), [_, Goal::File(path), _]) = (first_call, &goals) {
            let path = path.clone();
            let printed = chunks.iter().filter(|(stream, _)| *stream == 1);
            let printed: String = printed.map(|(_, text)| text.as_str()).collect();
            self.write_down(first, &path, &printed, append);
        }
        for (descriptor, text) in chunks {
            match goals.get(usize::from(descriptor)) {
                Some(Goal::File(_)) if self.world.trace.is_some() => {}
                Some(Goal::Stream(number)) => {
                    if let Some(sink) = self.sinks.last_mut() {
                        sink.push((*number, text));
                    }
                }
                Some(Goal::File(path)) => {
                    let path = path.clone();
                    self.world.files.append(&path, &text);
                }
                Some(Goal::Nowhere) | None => {}
            }
        }
        done
    }

    /// Notes one redirection; a status if the command does not run at all.
    fn prepare(
        &mut self,
        redirect: &Redirect,
        goals: &mut [Goal; 3],
        input: &mut Option<String>,
    ) -> Result<Option<i32>, Flow> {
        let at = usize::from(redirect.descriptor).min(2);
        match &redirect.kind {
            RedirectKind::Text(word) => *input = Some(self.expand(word)?),
            RedirectKind::Read(word) => {
                let name = self.expand(word)?;
                let path = self.path(&name);
                if path == "/dev/null" || path == "/dev/tty" {
                    *input = Some(String::new());
                } else if let Some(text) = self.world.files.text(&path) {
                    *input = Some(text);
                } else if let Some(trace) = &self.world.trace {
                    let known = trace.text(&path).map(str::to_owned);
                    *input = Some(known.unwrap_or_else(|| crate::ci::trace::UNKNOWN.to_string()));
                } else {
                    let text = format!("{}{name}: No such file or directory\n", self.prefix());
                    self.err(&text);
                    return Ok(Some(1));
                }
            }
            RedirectKind::Write { target, append } => {
                let name = self.expand(target)?;
                goals[at] = match self.goal(&name, *append) {
                    Ok(goal) => goal,
                    Err(status) => return Ok(Some(status)),
                };
            }
            RedirectKind::WriteBoth { target, append } => {
                let name = self.expand(target)?;
                let goal = match self.goal(&name, *append) {
                    Ok(goal) => goal,
                    Err(status) => return Ok(Some(status)),
                };
                goals[1] = goal.clone();
                goals[2] = goal;
            }
            RedirectKind::Duplicate(text) => {
                goals[at] = match text.parse::<usize>() {
                    Ok(from) => goals.get(from).cloned().unwrap_or(Goal::Nowhere),
                    Err(_) => Goal::Nowhere,
                };
            }
        }
        Ok(None)
    }

    fn goal(&mut self, name: &str, append: bool) -> Result<Goal, i32> {
        let path = self.path(name);
        match path.as_str() {
            "/dev/null" => return Ok(Goal::Nowhere),
            "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1" => return Ok(Goal::Stream(1)),
            "/dev/stderr" | "/dev/fd/2" | "/dev/tty" => return Ok(Goal::Stream(2)),
            _ => {}
        }
        if self.world.trace.is_some() {
            return Ok(Goal::File(path));
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if name.is_empty()
            || !self.world.files.is_directory(folder)
            || self.world.files.is_directory(&path)
        {
            let reason = if self.world.files.is_directory(&path) {
                "Is a directory"
            } else {
                "No such file or directory"
            };
            let text = format!("{}{name}: {reason}\n", self.prefix());
            self.err(&text);
            return Err(1);
        }
        if append {
            self.world.files.append(&path, "");
        } else {
            self.world.files.write(&path, "");
        }
        Ok(Goal::File(path))
    }

    /// An absolute path for a name relative to the working directory.
    pub fn path(&self, name: &str) -> String {
        crate::ci::world::files::absolute(name, self.directory())
    }

    /// What the shell puts before its own messages.
    pub fn prefix(&self) -> &'static str {
        if self.world.has_bash {
            "bash: "
        } else {
            "/bin/sh: "
        }
    }
}
