//! How grave it is that an image holds a program, predicted or found.

use super::Places;
use crate::diagnostic::Severity;
use crate::platform::Platform;
use crate::verify::{Program, ProgramFormat};

/// How grave a program is in an image of `platform`; `None` if it belongs there.
pub(in crate::rules) fn judge(
    platform: &Platform,
    places: &Places,
    path: &str,
    program: &Program,
) -> Option<Severity> {
    if program
        .platforms()
        .any(|cpu| runs_on(platform, program.format, cpu))
    {
        return None;
    }
    if places.is_data(path, program) {
        return Some(Severity::Info);
    }
    let is_of_system = program
        .platforms()
        .any(|cpu| is_same_system(platform, program.format, cpu));
    if !is_of_system {
        let is_started = places.is_meant_to_run(path);
        return Some(if is_started {
            Severity::Error
        } else {
            Severity::Info
        });
    }
    let cpus = (
        platform.architecture.as_str(),
        program.platform.architecture.as_str(),
    );
    Some(match cpus {
        // The kernel runs it wherever the CPU can, and distributions install both.
        ("amd64", "386")
        | ("s390x", "s390")
        | ("ppc64", "ppc")
        | ("mips64", "mips" | "mips64p32")
        | ("mips64le", "mipsle" | "mips64p32le") => Severity::Info,
        // Not every arm64 CPU can.
        ("arm64", "arm") => Severity::Warning,
        _ => Severity::Error,
    })
}

/// Variants are compared only where a program says that it needs more than the image's CPU has.
fn runs_on(platform: &Platform, format: ProgramFormat, program: &Platform) -> bool {
    let level = |variant: &str| variant.trim_start_matches('v').parse::<u32>().unwrap_or(0);
    is_same_system(platform, format, program)
        && program.architecture == platform.architecture
        && (program.architecture != "arm" || level(&program.variant) <= level(&platform.variant))
}

fn is_same_system(platform: &Platform, format: ProgramFormat, program: &Platform) -> bool {
    let may_be_unsaid = format == ProgramFormat::Elf && program.os == "linux";
    match platform.os.as_str() {
        "windows" | "darwin" | "ios" => program.os == platform.os,
        // An ELF file that does not name its system can be of any.
        os => program.os == os || may_be_unsaid,
    }
}

/// The CPUs that a program is for.
pub(in crate::rules) fn shown(program: &Program) -> String {
    let platforms: Vec<String> = program.platforms().map(ToString::to_string).collect();
    platforms.join(" and ")
}
