//! Loops, and how one that can never end is noticed.
//!
//! An iteration after which nothing has changed (variables, files, input, world), while the world
//! waits for nothing, would be repeated for ever. Loops that do change something end at the job's
//! time limit or at the simulation's own bounds.

use super::ast::List;
use super::interpreter::{Done, Flow, Shell};

impl Shell<'_, '_> {
    pub(super) fn repeat(&mut self, until: bool, condition: &List, body: &List) -> Done {
        if self.world.trace.is_some() {
            return self.traced_loop(until, condition, body);
        }
        let mut status = 0;
        let mut outputs: Vec<Vec<(u8, String)>> = Vec::new();
        loop {
            let before = self.state();
            let waiting = self.world.expects_change();
            self.sinks.push(Vec::new());
            let holds = self.testing(|shell| shell.list(condition));
            let step = match holds {
                Ok(code) if (code == 0) == until => None,
                Ok(_) => Some(self.list(body)),
                Err(flow) => Some(Err(flow)),
            };
            let output = self.sinks.pop().unwrap_or_default();
            let repeated = outputs.last() == Some(&output);
            match step {
                None => {
                    self.flush(&mut outputs, output);
                    return Ok(status);
                }
                Some(Ok(code)) => status = code,
                Some(Err(Flow::Continue(1))) => {}
                Some(Err(Flow::Break(1))) => {
                    self.flush(&mut outputs, output);
                    return Ok(0);
                }
                Some(Err(flow)) => {
                    let flow = match flow {
                        Flow::Break(n) => Flow::Break(n - 1),
                        Flow::Continue(n) => Flow::Continue(n - 1),
                        other => other,
                    };
                    if flow == Flow::TimeLimit {
                        outputs.dedup();
                    }
                    if flow != Flow::TimeLimit || !repeated {
                        outputs.push(output);
                    }
                    self.flush(&mut outputs, Vec::new());
                    return Err(flow);
                }
            }
            outputs.push(output);
            let stuck = self.state() == before && !waiting;
            if stuck {
                outputs.dedup();
                self.flush(&mut outputs, Vec::new());
                return Err(Flow::TimeLimit);
            }
        }
    }

    fn flush(&mut self, outputs: &mut Vec<Vec<(u8, String)>>, last: Vec<(u8, String)>) {
        outputs.push(last);
        if let Some(sink) = self.sinks.last_mut() {
            sink.extend(outputs.drain(..).flatten());
        }
    }

    fn state(&self) -> (u64, u64, usize) {
        let input = self.input.as_ref().map_or(0, String::len);
        (self.variables.revision, self.world.revision(), input)
    }

    pub(super) fn each(&mut self, name: &str, items: Vec<String>, body: &List) -> Done {
        let mut status = 0;
        for item in items {
            if self.is_guessed_item(&item) {
                self.variables
                    .set(name, crate::ci::trace::UNKNOWN.to_string());
                status = self.perhaps(|shell| shell.list(body))?;
                continue;
            }
            self.variables.set(name, item);
            match self.list(body) {
                Ok(code) => status = code,
                Err(Flow::Continue(1)) => {}
                Err(Flow::Break(1)) => return Ok(0),
                Err(Flow::Break(n)) => return Err(Flow::Break(n - 1)),
                Err(Flow::Continue(n)) => return Err(Flow::Continue(n - 1)),
                Err(flow) => return Err(flow),
            }
        }
        Ok(status)
    }

    pub(super) fn counted(
        &mut self,
        start: &str,
        condition: &str,
        step: &str,
        body: &List,
    ) -> Done {
        self.arithmetic(start)?;
        let mut status = 0;
        while condition.is_empty() || self.arithmetic(condition)? != 0 {
            self.world.budget.take_command()?;
            match self.list(body) {
                Ok(code) => status = code,
                Err(Flow::Continue(1)) => {}
                Err(Flow::Break(1)) => return Ok(0),
                Err(Flow::Break(n)) => return Err(Flow::Break(n - 1)),
                Err(Flow::Continue(n)) => return Err(Flow::Continue(n - 1)),
                Err(flow) => return Err(flow),
            }
            self.arithmetic(step)?;
        }
        Ok(status)
    }
}
