//! What the interpreter does differently while a script is only read: branches whose condition is
//! unknown are all walked, and what they change is unknown afterwards.

use super::ast::{Connector, List, Pipeline, Word};
use super::interpreter::{Done, Flow, Shell};
use crate::ci::trace::{Call, Certainty, UNKNOWN};

/// Operators of `test` that ask for files.
const FILE_TESTS: [&str; 15] = [
    "-a", "-b", "-c", "-d", "-e", "-f", "-h", "-L", "-p", "-r", "-s", "-S", "-w", "-x", "-t",
];

impl Shell<'_, '_> {
    /// The status of the last command is known; always so for a script that runs.
    pub(super) fn is_sure(&self) -> bool {
        let trace = self.world.trace.as_ref();
        trace.is_none_or(|trace| trace.certainty == Certainty::Sure)
    }

    /// How many commands are written down, in a trace.
    pub(super) fn calls(&self) -> Option<usize> {
        self.world.trace.as_ref().map(|trace| trace.calls.len())
    }

    /// Commands from `first` on stand in one pipeline.
    pub(super) fn join_calls(&mut self, first: Option<usize>) {
        let (Some(first), Some(trace)) = (first, &mut self.world.trace) else {
            return;
        };
        for call in trace.calls.iter_mut().skip(first) {
            call.pipe.get_or_insert(first);
        }
    }

    /// Notes a file that a redirection writes, and the text that is known to be printed into it.
    pub(super) fn write_down(&mut self, first: usize, path: &str, text: &str, append: bool) {
        self.note_call(">", &[path.to_owned()], first);
        if let Some(trace) = &mut self.world.trace {
            trace.write(path, text, append);
        }
    }

    /// Writes a command down.
    pub(in crate::ci) fn note_call(&mut self, program: &str, arguments: &[String], first: usize) {
        let environment = self.variables.environment();
        let environment = environment.map(|(k, v)| (k.to_owned(), v.to_owned()));
        let environment = std::rc::Rc::new(environment.collect());
        let directory = self.directory().to_owned();
        if let Some(trace) = &mut self.world.trace {
            trace.push(Call {
                program: program.to_owned(),
                arguments: arguments.to_vec(),
                directory,
                environment,
                doubtful: trace.doubt > 0,
                pipe: None,
                first,
            });
        }
    }

    /// Says how sure the status of the running command is.
    pub(in crate::ci) fn set_certainty(&mut self, certainty: Certainty) {
        if let Some(trace) = &mut self.world.trace {
            trace.certainty = certainty;
        }
    }

    fn certainty(&self) -> Certainty {
        let trace = self.world.trace.as_ref();
        trace.map_or(Certainty::Sure, |trace| trace.certainty)
    }

    /// The part after `&&` or `||` where it is not known whether it runs.
    pub(super) fn guessed(&mut self, connector: Connector, pipeline: &Pipeline) -> Option<Done> {
        match (self.certainty(), connector) {
            (Certainty::Sure, _) | (Certainty::Assumed, Connector::And) => None,
            (Certainty::Unsure, Connector::And) => {
                let done = self.perhaps(|shell| shell.pipeline(pipeline));
                self.set_certainty(Certainty::Unsure);
                Some(done)
            }
            (Certainty::Unsure | Certainty::Assumed, Connector::Or) => {
                let done = self.perhaps(|shell| shell.pipeline(pipeline));
                self.set_certainty(Certainty::Assumed);
                Some(done.map(|_| 0))
            }
        }
    }

    /// Walks what may not run.
    pub(super) fn perhaps(&mut self, run: impl FnOnce(&mut Self) -> Done) -> Done {
        let before = self.variables.clone();
        let directory = self.directory().to_owned();
        self.doubt(1);
        let done = self.testing(run);
        self.doubt(-1);
        self.forget_changes(&before, &directory);
        match done {
            Ok(_) => Ok(0),
            Err(Flow::TimeLimit) => done,
            // It fails, and then nothing after it matters.
            Err(Flow::Exit(status)) if status != 0 => Ok(0),
            Err(_) => {
                self.doubt(1);
                Ok(0)
            }
        }
    }

    fn doubt(&mut self, more: isize) {
        if let Some(trace) = &mut self.world.trace {
            trace.doubt = trace.doubt.saturating_add_signed(more);
        }
    }

    pub(super) fn traced_if(&mut self, arms: &[(List, List)], otherwise: Option<&List>) -> Done {
        let mut perhaps = false;
        for (condition, body) in arms {
            self.set_certainty(Certainty::Sure);
            let status = self.testing(|shell| shell.list(condition))?;
            if self.certainty() != Certainty::Sure {
                self.perhaps(|shell| shell.list(body))?;
                perhaps = true;
            } else if status == 0 {
                return self.arm(perhaps, body);
            }
        }
        self.set_certainty(Certainty::Sure);
        let status = match otherwise {
            Some(body) => self.arm(perhaps, body)?,
            None => 0,
        };
        if perhaps {
            self.set_certainty(Certainty::Assumed);
        }
        Ok(status)
    }

    fn arm(&mut self, perhaps: bool, body: &List) -> Done {
        if perhaps {
            let done = self.perhaps(|shell| shell.list(body));
            self.set_certainty(Certainty::Assumed);
            done
        } else {
            self.list(body)
        }
    }

    /// A `case` of something unknown.
    pub(super) fn every_arm(&mut self, arms: &[(Vec<Word>, List)]) -> Done {
        for (_, body) in arms {
            self.perhaps(|shell| shell.list(body))?;
        }
        self.set_certainty(Certainty::Assumed);
        Ok(0)
    }

    /// Loops whose end is unknown run once.
    pub(super) fn traced_loop(&mut self, until: bool, condition: &List, body: &List) -> Done {
        for _ in 0..100 {
            self.set_certainty(Certainty::Sure);
            let status = self.testing(|shell| shell.list(condition))?;
            if self.certainty() != Certainty::Sure {
                // What waits for a program to succeed has waited.
                if !(until && self.certainty() == Certainty::Assumed) {
                    self.perhaps(|shell| shell.list(body))?;
                }
                self.set_certainty(Certainty::Assumed);
                return Ok(0);
            }
            if (status == 0) == until {
                return Ok(0);
            }
            match self.list(body) {
                Ok(_) | Err(Flow::Continue(1)) => {}
                Err(Flow::Break(1)) => return Ok(0),
                Err(flow) => return Err(flow),
            }
        }
        self.set_certainty(Certainty::Unsure);
        Ok(0)
    }

    /// An item of `for` that is unknown, or a pattern of file names.
    pub(super) fn is_guessed_item(&self, item: &str) -> bool {
        self.world.trace.is_some() && item.contains([UNKNOWN, '*', '?', '['])
    }

    /// Says how sure `[[ … ]]` is.
    pub(super) fn weigh_test(&mut self, words: &[Word]) -> Result<(), Flow> {
        if self.world.trace.is_none() {
            return Ok(());
        }
        let mut texts = Vec::with_capacity(words.len());
        for word in words {
            texts.push(self.expand(word)?);
        }
        self.weigh_words(&texts);
        Ok(())
    }

    /// Says how sure `test` is.
    pub(in crate::ci) fn weigh_words(&mut self, words: &[String]) {
        let guessed = words.iter().enumerate().any(|(at, word)| {
            // `-a` between two tests is no question about a file.
            let asks = FILE_TESTS.contains(&word.as_str())
                && at + 1 < words.len()
                && !(word == "-a" && at > 0);
            asks || word.contains(UNKNOWN)
        });
        self.set_certainty(if guessed {
            Certainty::Unsure
        } else {
            Certainty::Sure
        });
    }
}
