//! polyarch's own action: the gate with the action's inputs, and its outputs.

use super::actions::{Call, Done};
use crate::ci::commands::gate;
use crate::ci::shell::Shell;

/// What `action.yml` does beside fetching the program: verify, and say what came of it.
pub(super) fn verify(shell: &mut Shell<'_, '_>, call: &Call<'_>) -> Done {
    let mut words: Vec<String> = Vec::new();
    if let Some(platforms) = call.input("platforms") {
        words.push(format!("--platform={platforms}"));
    }
    for input in ["arguments", "reference"] {
        let value = call.input(input).unwrap_or_default();
        words.extend(value.split_whitespace().map(str::to_owned));
        if input == "arguments" {
            words.push("--".to_owned());
        }
    }
    let verified = gate::verify(shell, &words);
    let verdict = if verified.status == 0 { "pass" } else { "fail" };
    Done {
        status: verified.status,
        outputs: vec![
            ("verdict".to_owned(), verdict.to_owned()),
            ("digest".to_owned(), verified.digest.unwrap_or_default()),
        ],
    }
}
