//! `curl` and `wget`: downloads become files of unknown content; a buildx release becomes buildx.

use super::Arguments;
use super::arguments::Flag;
use crate::ci::build::Made;
use crate::ci::shell::Shell;
use crate::ci::world::File;

const FLAGS: &[Flag] = &[
    ("output", 'o', true),
    ("remote-name", 'O', false),
    ("location", 'L', false),
    ("silent", 's', false),
    ("show-error", 'S', false),
    ("fail", 'f', false),
    ("header", 'H', true),
    ("request", 'X', true),
    ("data", 'd', true),
    ("user", 'u', true),
    ("insecure", 'k', false),
    ("quiet", 'q', false),
    ("create-dirs", ' ', false),
    ("retry", ' ', true),
    ("proto", ' ', true),
    ("tlsv1.2", ' ', false),
    ("compressed", ' ', false),
    ("write-out", 'w', true),
    ("max-time", 'm', true),
    ("connect-timeout", ' ', true),
    ("verbose", 'v', false),
    ("head", 'I', false),
    ("form", 'F', true),
    ("directory-prefix", 'P', true),
    ("retry-delay", ' ', true),
    ("data-raw", ' ', true),
    ("url", ' ', true),
    ("no-verbose", ' ', false),
    ("output-document", ' ', true),
    ("fail-with-body", ' ', false),
];

pub(super) fn run(shell: &mut Shell<'_, '_>, program: &str, words: &[String]) -> i32 {
    // wget writes its -O the other way round.
    let words: Vec<String> = if program == "wget" {
        words
            .iter()
            .map(|w| {
                if w.starts_with("-O") || w.starts_with("-qO") {
                    w.replacen('O', "o", 1)
                } else {
                    w.clone()
                }
            })
            .collect()
    } else {
        words.to_vec()
    };
    let arguments = Arguments::parse(&words, FLAGS, true);
    shell.world.pass(2.0);
    let urls: Vec<String> = arguments
        .rest
        .iter()
        .chain(arguments.all("url"))
        .cloned()
        .collect();
    let Some(url) = urls.first() else {
        return 0;
    };
    let base = url
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    let base = base.rsplit('/').next().unwrap_or("index.html").to_owned();
    let output = arguments
        .get("output")
        .or(arguments.get("output-document"))
        .map(str::to_owned);
    let name = match output {
        Some(name) if name == "-" => None,
        Some(name) => Some(name),
        None if arguments.is_set("remote-name") || program == "wget" => Some(base),
        None => None,
    };
    shell
        .world
        .reason("downloads are not simulated; they are assumed to succeed");
    match name {
        None => {
            shell.world.exact = false;
            shell.world.tools.open = true;
        }
        Some(name) => save(shell, program, url, &name),
    }
    0
}

fn save(shell: &mut Shell<'_, '_>, program: &str, url: &str, name: &str) {
    let path = shell.path(name);
    let architecture = ["amd64", "arm64", "x86_64", "aarch64"]
        .into_iter()
        .find(|a| url.contains(a));
    let machine = architecture.map(|a| crate::platform::Platform::new("linux", a));
    let made = Made {
        by: format!("{program} {url}"),
        machine,
        line: shell.world.mark.line,
    };
    shell.world.files.insert(
        &path,
        File {
            bytes: None,
            executable: false,
            made: Some(made),
        },
    );
    let is_program = ["/bin/", "/usr/bin/", "/usr/local/bin/"]
        .iter()
        .any(|f| path.starts_with(f));
    shell.world.tools.open |=
        is_program || name.ends_with(".zip") || name.ends_with(".gz") || name.ends_with(".tgz");
}
