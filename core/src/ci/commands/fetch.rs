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

#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "file names on Linux"
)]
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

/// What marks the installer that comes out of the AWS CLI's archive.
pub(super) const AWS_INSTALLER: &str = "awscli-exe archive";

/// `unzip`: the AWS CLI's archive is known, others are assumed.
pub(super) fn unzip(shell: &mut Shell<'_, '_>, words: &[String]) -> i32 {
    let Some(name) = words.iter().find(|w| !w.starts_with('-')).cloned() else {
        return 0;
    };
    let path = shell.path(&name);
    let is_aws = shell
        .world
        .files
        .get(&path)
        .and_then(|f| f.made.as_ref())
        .is_some_and(|m| m.by.contains("awscli-exe"));
    if !is_aws {
        return super::assume(shell, "unzip");
    }
    let made = Made {
        by: AWS_INSTALLER.to_owned(),
        machine: None,
        line: shell.world.mark.line,
    };
    let target = shell.path("aws/install");
    shell.world.files.insert(
        &target,
        File {
            bytes: None,
            executable: true,
            made: Some(made),
        },
    );
    0
}

/// `./aws/install`: ends well on musl too, where nothing of it can run.
pub(super) fn install_aws(shell: &mut Shell<'_, '_>) -> i32 {
    if shell.world.tools.system == crate::ci::world::toolbox::System::Alpine {
        shell.world.note(
            "awscli-on-alpine",
            "the AWS CLI's installer brings programs for glibc, which Alpine does not have",
        );
        shell.err("./aws/install: line 78: /aws/dist/aws: not found\n");
        shell.world.tools.broken.insert("aws".to_owned());
    } else {
        shell.world.tools.add(&["aws"]);
    }
    shell.out("You can now run: /usr/local/bin/aws --version\n");
    shell.world.change();
    0
}
