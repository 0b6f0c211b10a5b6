//! The files through which a step speaks to the runner: `GITHUB_ENV`, `GITHUB_OUTPUT`,
//! `GITHUB_PATH`.

/// `name=value` lines and `name<<END … END` blocks.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let block = line
            .split_once("<<")
            .filter(|(name, _)| !name.contains('='));
        if let Some((name, end)) = block {
            let body: Vec<&str> = lines.by_ref().take_while(|l| *l != end).collect();
            found.push((name.trim().to_owned(), body.join("\n")));
        } else if let Some((name, value)) = line.split_once('=') {
            found.push((name.trim().to_owned(), value.to_owned()));
        }
    }
    found
}

/// `::set-output name=x::value` and `::add-mask::` of old scripts.
pub(super) fn old_outputs(output: &str) -> Vec<(String, String)> {
    let commands = output
        .lines()
        .filter_map(|l| l.strip_prefix("::set-output name="));
    commands
        .filter_map(|l| l.split_once("::"))
        .map(|(k, v)| (k.to_owned(), v.to_owned()))
        .collect()
}
