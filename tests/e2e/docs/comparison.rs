//! The table of docs/comparison.md: each tool is run on each image, and ends as the table says.

use std::process::{Command, Stdio};

use crate::options::{Demo, scratch};
use crate::real::polyarch::polyarch;
use crate::tree::text;

#[test]
fn the_tools_end_as_the_comparison_says() {
    let demo = Demo::start();
    let page = text("docs/comparison.md");
    let rows = rows(&page);
    assert!(rows.len() > 10, "{rows:?}");
    for (tag, expected) in rows {
        let found = [
            skopeo(&inspect(&demo.image(tag))),
            copy(&demo.image(tag)),
            polyarch(["verify", &demo.image(tag)]).code,
            polyarch(["verify", "--deep", &demo.image(tag)]).code,
        ];
        assert_eq!(found.map(|code| code.unwrap_or(-1)), expected, "{tag}");
    }
}

/// Image and the four exit codes of each row of the measured table.
fn rows(page: &str) -> Vec<(&str, [i32; 4])> {
    page.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let ["", tag, _, codes @ .., ""] = cells.as_slice() else {
                return None;
            };
            let codes: Vec<i32> = codes.iter().map_while(|code| code.parse().ok()).collect();
            Some((tag.trim_matches('`'), codes.try_into().ok()?))
        })
        .collect()
}

fn inspect(image: &str) -> Vec<String> {
    let options = "inspect --no-tags --tls-verify=false --override-os linux --override-arch arm64";
    let mut words: Vec<String> = options.split(' ').map(str::to_owned).collect();
    words.push(format!("docker://{image}"));
    words
}

fn copy(image: &str) -> Option<i32> {
    let folder = scratch();
    let options = "copy --quiet --all --src-tls-verify=false";
    let mut words: Vec<String> = options.split(' ').map(str::to_owned).collect();
    words.push(format!("docker://{image}"));
    words.push(format!("dir:{}", folder.path().join("copy").display()));
    skopeo(&words)
}

fn skopeo(words: &[String]) -> Option<i32> {
    let mut command = Command::new("skopeo");
    command
        .args(words)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let status = command
        .status()
        .expect("`scripts/setup test` installs skopeo");
    status.code()
}
