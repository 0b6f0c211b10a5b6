//! `polyarch completions` and `polyarch man`: both made from the definitions in `args`.

use std::io;

use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::args::Cli;
use crate::error::CliError;
use crate::exit_code::ExitCode;
use crate::output;

/// What the process answers with, for the manual.
const EXIT_CODES: [(&str, &str); 4] = [
    ("0", "Pass: everything that was asked for holds."),
    ("1", "Failed: at least one error finding."),
    ("2", "A usage error, or an input that cannot be read."),
    (
        "3",
        "Inconclusive: nothing was disproved, but something could not be established (network, \
         credentials, rate limits, time-outs).",
    ),
];

/// Variables that are read, for the manual.
const ENVIRONMENT: [(&str, &str); 6] = [
    (
        "POLYARCH_USERNAME, POLYARCH_PASSWORD, POLYARCH_REGISTRY",
        "A login, for the host in POLYARCH_REGISTRY alone, or for the reference's own host.",
    ),
    (
        "DOCKER_AUTH_CONFIG",
        "The text of a Docker config.json with logins.",
    ),
    (
        "DOCKER_CONFIG",
        "The folder of Docker's config.json; ~/.docker otherwise.",
    ),
    (
        "REGISTRY_AUTH_FILE",
        "podman's auth.json; in XDG_RUNTIME_DIR or ~/.config otherwise.",
    ),
    (
        "CI_REGISTRY, CI_REGISTRY_USER, CI_REGISTRY_PASSWORD",
        "GitLab's login, for GitLab's registry alone.",
    ),
    (
        "HTTPS_PROXY, HTTP_PROXY, NO_PROXY, NO_COLOR",
        "As usual. Loopback is never reached through a proxy.",
    ),
];

/// The completion script of one shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<ExitCode, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "polyarch", &mut script);
    print(&script)
}

/// `polyarch.1`, with every command's options.
pub(crate) fn man() -> Result<ExitCode, CliError> {
    let mut page = Vec::new();
    render(&mut page).map_err(CliError::Stdout)?;
    print(&page)
}

fn render(page: &mut Vec<u8>) -> io::Result<()> {
    let mut cli = Cli::command();
    cli.build();
    let whole = Man::new(cli.clone());
    whole.render_title(page)?;
    whole.render_name_section(page)?;
    whole.render_synopsis_section(page)?;
    whole.render_description_section(page)?;
    for command in cli
        .get_subcommands()
        .filter(|c| !c.is_hide_set() && c.get_name() != "help")
    {
        let mut heading = Roff::new();
        heading.control(
            "SH",
            [format!("polyarch {}", command.get_name())
                .to_uppercase()
                .as_str()],
        );
        heading.to_writer(page)?;
        let one = Man::new(command.clone());
        let mut sections = Vec::new();
        one.render_description_section(&mut sections)?;
        one.render_synopsis_section(&mut sections)?;
        one.render_options_section(&mut sections)?;
        one.render_subcommands_section(&mut sections)?;
        // Sections of the whole page would all be named alike; here they are parts of one.
        let sections = String::from_utf8_lossy(&sections).replace("\n.SH ", "\n.SS ");
        let sections = sections
            .strip_prefix(".SH ")
            .map_or_else(|| sections.clone(), |rest| format!(".SS {rest}"));
        page.extend_from_slice(sections.as_bytes());
    }
    list("EXIT STATUS", &EXIT_CODES, page)?;
    list("ENVIRONMENT", &ENVIRONMENT, page)?;
    list(
        "FILES",
        &[(
            crate::policy::FILE,
            "Platforms, depth and waivers, read from the working directory unless --policy or \
             --no-policy says otherwise.",
        )],
        page,
    )
}

fn list(heading: &str, entries: &[(&str, &str)], page: &mut Vec<u8>) -> io::Result<()> {
    let mut section = Roff::new();
    section.control("SH", [heading]);
    for (name, text) in entries {
        section.control("TP", []);
        section.text([roman(*name)]);
        section.text([roman(*text)]);
    }
    section.to_writer(page)
}

fn print(bytes: &[u8]) -> Result<ExitCode, CliError> {
    output::stdout(&String::from_utf8_lossy(bytes))?;
    Ok(ExitCode::Pass)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_has_every_option_and_every_exit_code() {
        let mut page = Vec::new();
        render(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap().replace("\\-", "-");
        for part in [
            "POLYARCH VERIFY",
            "--same-as",
            "--ca-cert",
            "POLYARCH INSPECT",
            "POLYARCH SERVE",
            "EXIT STATUS",
            "Inconclusive",
            "DOCKER_AUTH_CONFIG",
            "polyarch.toml",
        ] {
            assert!(page.contains(part), "{part}");
        }
    }
}
