//! Which references a run is about: those on the command line, those of a file, one shard of them.

use std::io::Read;
use std::path::Path;

use crate::args::verify::{Shard, Verify};
use crate::error::CliError;

/// A list of references is a text, not an image.
const LARGEST_LIST: u64 = 64 * 1024 * 1024;

/// The texts of all references of this run, in order.
pub(super) fn references(args: &Verify) -> Result<Vec<String>, CliError> {
    let mut texts = args.references.clone();
    if let Some(file) = &args.from_file {
        let listed = listed(&read(file)?);
        if listed.is_empty() {
            return Err(CliError::Usage(format!(
                "{} holds no reference; write one a line",
                file.display()
            )));
        }
        texts.extend(listed);
    }
    if texts.is_empty() {
        return Err(CliError::Usage(
            "there is nothing to verify: give a REF or --from-file".to_owned(),
        ));
    }
    if let Some(shard) = args.shard {
        texts = part(texts, shard);
    }
    Ok(texts)
}

fn read(file: &Path) -> Result<String, CliError> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(LARGEST_LIST)
            .read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LARGEST_LIST).read_to_string(&mut text))
    };
    read.map_err(|source| CliError::Read {
        path: file.to_owned(),
        source,
    })?;
    Ok(text)
}

/// One reference a line; empty lines and what stands behind `#` do not count.
fn listed(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The I-th of N parts whose sizes differ by one at most; together they are everything, once.
fn part<T>(all: Vec<T>, shard: Shard) -> Vec<T> {
    let (index, of) = (u128::from(shard.index), u128::from(shard.of));
    let edge = |parts: u128| {
        let edge = all.len() as u128 * parts / of;
        usize::try_from(edge).unwrap_or(all.len())
    };
    let (from, to) = (edge(index - 1), edge(index));
    all.into_iter().take(to).skip(from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_may_have_comments() {
        let text = "# images\nalpine:3 # base\n\n  ghcr.io/o/app:1\r\n";
        assert_eq!(listed(text), ["alpine:3", "ghcr.io/o/app:1"]);
    }

    #[test]
    fn shards_are_everything_once() {
        for count in [0_u32, 1, 5, 7, 100] {
            for of in [1, 2, 3, 7, 13] {
                let all: Vec<u32> = (0..count).collect();
                let parts: Vec<Vec<u32>> = (1..=of)
                    .map(|index| part(all.clone(), Shard { index, of }))
                    .collect();
                let sizes: Vec<usize> = parts.iter().map(Vec::len).collect();
                let spread = sizes.iter().max().unwrap() - sizes.iter().min().unwrap();
                assert!(spread <= 1, "{count} in {of}: {sizes:?}");
                assert_eq!(parts.concat(), all);
            }
        }
    }
}
