//! Replays the fuzz corpus: what a fuzzer once found interesting stays handled, on stable Rust.

use std::fs;

use crate::tree::root;

#[path = "../../fuzz/targets.rs"]
mod targets;

#[test]
fn every_input_of_the_corpus_is_handled() {
    for (name, target) in targets::TARGETS {
        let folder = root().join("fuzz/corpus").join(name);
        let mut inputs: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.expect("the corpus can be listed").path())
            .collect();
        inputs.sort();
        assert!(!inputs.is_empty(), "{name} has no corpus");
        for input in inputs {
            let bytes = fs::read(&input).expect("the corpus can be read");
            let outcome = std::panic::catch_unwind(|| target(&bytes));
            assert!(outcome.is_ok(), "{} is not handled", input.display());
        }
    }
}
