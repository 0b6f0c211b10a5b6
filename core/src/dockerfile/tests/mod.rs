//! Tests of the parser: refusals word for word, forms, places, and properties.

mod forms;
mod places;
mod properties;
mod recorded;
mod refusals;

use super::*;

/// The instructions of a file without problems.
fn accepted(text: &str) -> Dockerfile {
    let (dockerfile, problems) = parse(text);
    assert_eq!(problems, [], "{text}");
    dockerfile
}

/// The second instruction of a file that begins with `FROM a`.
fn second(line: &str) -> Instruction {
    let text = format!("FROM a\n{line}");
    accepted(&text).instructions.swap_remove(1)
}

fn texts(words: &[Word]) -> Vec<&str> {
    words.iter().map(|word| word.text.as_str()).collect()
}
