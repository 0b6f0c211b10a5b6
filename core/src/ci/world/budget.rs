//! Bounds of one simulation: commands run and bytes printed.

use crate::ci::shell::Flow;

const MAX_COMMANDS: u32 = 20_000;
const MAX_OUTPUT: usize = 512 << 10;

#[derive(Debug, Clone)]
pub struct Budget {
    commands: u32,
    output: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            commands: MAX_COMMANDS,
            output: MAX_OUTPUT,
        }
    }
}

impl Budget {
    pub fn take_command(&mut self) -> Result<(), Flow> {
        self.commands = self.commands.checked_sub(1).ok_or(Flow::TimeLimit)?;
        Ok(())
    }

    /// As much of the text as may still be printed.
    pub fn take_output<'t>(&mut self, text: &'t str) -> &'t str {
        let mut end = text.len().min(self.output);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.output -= end;
        &text[..end]
    }
}
