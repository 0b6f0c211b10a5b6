//! What emulation adds to a build: QEMU's known bugs, time, and registrations that do not hold.

use super::build_log::Log;
use crate::ci::build::{Invocation, StepKind, Verdict};
use crate::ci::shell::Shell;
use crate::environment::{Driver, Environment, Version};

/// Put before a command by BuildKit where the kernel has no emulator.
pub(super) const EMULATOR: &str = "/dev/.buildkit_qemu_emulator";

/// The end of what runc prints when the kernel does not find the emulator in the container.
pub(super) const NO_INTERPRETER: &str = ": no such file or directory";

/// Programs that QEMU 7.0 to 9.2 is known to crash on.
const FRAGILE: [&str; 8] = [
    "apt-get", "apt ", "npm", "yarn", "node ", "dotnet", "gcc", "python",
];

const COMPILERS: [&str; 12] = [
    "go build",
    "cargo",
    "make",
    "gcc",
    "mvn",
    "gradle",
    "npm run",
    "npm ci",
    "npm install",
    "dotnet",
    "pip install",
    "cmake",
];

/// Whether the kernel has an entry for the architecture that no container can use: without the
/// flag F the kernel looks the emulator up inside the container.
pub(super) fn unfixed(shell: &mut Shell<'_, '_>, environment: &Environment, verdict: &mut Verdict) {
    let Some(failure) = verdict.failure.as_mut().filter(|f| f.no_emulator) else {
        return;
    };
    let step = failure.step.and_then(|at| verdict.steps.get(at));
    let Some(platform) = step.and_then(|s| s.platform.as_ref()) else {
        return;
    };
    let emulators = &shell.world.emulators;
    if environment.driver != Driver::Docker || !emulators.unfixed.contains(&platform.architecture) {
        return;
    }
    for line in &mut failure.output {
        *line = line.replace(": exec format error", NO_INTERPRETER);
    }
    shell.world.note(
        "emu-non-f-binfmt",
        "the kernel's entry for this CPU names an emulator that is not in the container: it was registered without the flag F",
    );
}

/// Tells what an emulated build risks.
pub(super) fn emulated_work(
    shell: &mut Shell<'_, '_>,
    build: &Invocation,
    environment: &Environment,
    verdict: &Verdict,
    log: &Log,
) {
    let emulated: Vec<_> = verdict
        .steps
        .iter()
        .filter(|s| s.emulated && s.kind == StepKind::Exec)
        .collect();
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    let by_kernel = |architecture: &str| environment.binfmt.iter().any(|a| a == architecture);
    for step in &emulated {
        let own = step
            .platform
            .as_ref()
            .map_or("", |p| p.architecture.as_str());
        let version = if by_kernel(own) {
            shell.world.emulators.qemu
        } else {
            bundled_qemu(environment.buildkit)
        };
        if let Some(qemu) = version.filter(|v| is_fragile(*v))
            && has(&step.name, &FRAGILE)
        {
            shell.world.note_facts(
                "qemu-segv",
                format!(
                    "QEMU {qemu} is known to crash in such a step: {}",
                    step.name
                ),
                &[("qemu", &qemu.to_string())],
            );
        }
        if by_kernel(own)
            && shell.world.emulators.drops_credentials
            && has(&step.name, &["sudo ", "su -", "ping "])
        {
            shell.world.note(
                "emu-sudo-setuid",
                format!(
                    "programs with the set-user-ID bit do not get their rights here: {}",
                    step.name
                ),
            );
        }
    }
    let compiles: f64 = log
        .activities
        .iter()
        .filter(|a| a.emulated && has(&a.name, &COMPILERS))
        .map(|a| a.duration)
        .sum();
    let limit = shell.world.time_limit;
    if compiles > limit / 10.0 {
        shell.world.note_facts(
            "emu-timeout",
            format!(
                "about {:.0} minutes of compiling under an emulator, of the {:.0} that the job may take",
                compiles / 60.0,
                limit / 60.0
            ),
            &[("line", &build.line.to_string())],
        );
    }
}

/// QEMU 7.0 to 9.2.0 crash in common programs of recent distributions.
fn is_fragile(qemu: Version) -> bool {
    qemu.at_least(7, 0) && !qemu.at_least(9, 3) && qemu != Version::new(9, 2, 2)
}

/// The QEMU inside of moby/buildkit, as far as it is a known bad one.
fn bundled_qemu(buildkit: Version) -> Option<Version> {
    (buildkit.at_least(0, 20) && !buildkit.at_least(0, 21)).then(|| Version::new(9, 2, 0))
}
