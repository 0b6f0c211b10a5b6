//! English.

use super::Texts;
use super::craft;
use super::views::EN;

pub(super) static TEXTS: Texts = Texts {
    learn: super::learn::ENGLISH,
    views: &EN,
    craft: &craft::EN,

    skip: "Skip to the answer",
    main_menu: "Main",
    playground: "Playground",
    verify: "Verify",
    rules: "Rules",
    own_text: "Your own",
    theme: |now| format!("Theme: {now}"),
    theme_system: "as the system",
    theme_light: "light",
    theme_dark: "dark",
    keys: "Keys",
    share: "Share",
    link_copied: "Link copied",
    link_failed: "The browser refused the clipboard; the link is in the address bar",
    close: "Close",
    copy: |what| format!("Copy: {what}"),
    copied: "Copied",
    undo: "Undo",

    compose: "Compose",
    outcome: "Outcome",
    splitter: "Width of the compose pane",
    panes: "Panes",
    dockerfile: "Dockerfile",
    files: "Files",
    settings: "Settings",
    loom: "Loom",
    config: "Config",
    registry: "Registry",
    findings: "Findings",
    add_platform: "Platform",

    playground_title: "Playground: what this build would publish",
    verdict: "Verdict",
    publishes: |n| format!("Publishes {}.", platforms(n)),
    publishes_but: |n| format!("Publishes {}, but ", platforms(n)),
    fails: "Publishes nothing: the build fails.",
    fails_with: "Publishes nothing: ",
    nothing_pushed: |n| format!("Builds {} and pushes nothing.", platforms(n)),
    errors: |n| {
        if n == 1 {
            "1 error".to_owned()
        } else {
            format!("{n} errors")
        }
    },
    warnings: |n| {
        if n == 1 {
            "1 warning".to_owned()
        } else {
            format!("{n} warnings")
        }
    },
    at_line: |line| format!("Dockerfile, line {line}"),
    simulated: "Simulated: a real build gives another digest",
    index_digest: "Digest of the index",
    documents: |n| {
        if n == 1 {
            "1 document".to_owned()
        } else {
            format!("{n} documents")
        }
    },

    job: "CI job",
    log: "Log",
    job_editor_help: "The text of the CI file. Tab leaves the editor.",
    job_empty: "No job: the settings say how the image is built. Write or paste a .gitlab-ci.yml or a GitHub workflow here, and the page plays its job through and shows what it would push.",
    job_choice: "Job to play",
    job_steps: "Steps of the job",
    job_publishes: |n| format!("The job passes and publishes {}.", platforms(n)),
    job_publishes_but: |n| format!("The job passes and publishes {}, but ", platforms(n)),
    job_pushes_nothing: "The job passes and pushes nothing.",
    job_fails: "The job fails.",
    job_fails_with: "The job fails: ",
    job_timing: "Depends on timing: ",
    job_push_refused: "Pushes, then the registry refuses: ",
    job_stops_at: "The job stops at ",
    job_stops_because: ": ",
    job_refused: "The CI file is refused: ",
    at_job_line: |line| format!("CI job, line {line}"),
    job_writes_dockerfile: "The job writes this Dockerfile itself; it can only be changed in the job.",
    job_no_build: "The job comes to no build, so there is no image to show.",
    job_only_merges: "This job builds nothing: it publishes what other jobs have built. Choose one of them above the CI file to see its build.",
    step_ok: "passes",
    step_failed: "fails",
    step_skipped: "not reached",
    step_inexact: "Estimated: not simulated exactly",
    seconds: |s| format!("{s:.1} s"),
    switches: "The job's surroundings",
    switches_help: "Platforms, builder, tags and push come from the job. What no file tells is set here; the command line takes the same keys after --set.",
    switch_repository: "The repository exists",
    switch_usual: "as the registry does it",
    switch_push: "The push is allowed",
    switch_privileged: "The runner is privileged",
    switch_dind: "The Docker service is ready",
    switch_executor: "The runner's executor",
    switch_hub_limit: "Docker Hub's pull limit is used up",
    switch_immutable: "Tags cannot be overwritten",
    switch_containers: "The daemon starts privileged containers",
    switch_slow: "Pushing takes longer than a token lives",
    switch_old: "The registry knows no OCI media types",
    switch_replicated: "What was pushed is not seen everywhere at once",
    switch_factor: "How many times slower emulation is",
    switch_variables: "Variables and secrets of the service, NAME=value, set or unset, one a line",
    switch_insecure: "The registry has no known certificate",
    switch_socket: "Jobs get the host's Docker socket",
    switch_late: "some seconds late",
    switch_at_once: "at once",
    switch_arch: "The runner's CPU",
    switch_binfmt: "Emulators on the runner",
    yes: "yes",
    no: "no",

    editor_help: "The text of the Dockerfile. Tab leaves the editor.",
    findings_here: "Findings in this file",
    no_findings: "Nothing to report.",
    no_findings_more: "No rule objects to this Dockerfile for these platforms.",
    fix_it: "Fix it",
    fixed: "Fixed:",
    next: "next",
    error: "Error",
    warning: "Warning",
    info: "Note",
    build_warnings: "What the build prints",

    loom_label: "Steps by platform",
    step: "Dockerfile step",
    final_image: "final image",
    stage_once: |on| format!("once, on {on}"),
    stage_each: "on each platform",
    stage_unused: |n| {
        if n == 1 {
            "1 step, not run".to_owned()
        } else {
            format!("{n} steps, not run")
        }
    },
    show_steps: |stage| format!("Steps of stage {stage}"),
    published_as: "Published as",
    no_tag: "no tag given",
    native: "native",
    native_cross: |to| format!("native → {to}"),
    emulated: "emulated",
    unsupported: "cannot run",
    once: "once",
    once_native: "once, native",
    once_emulated: "once, emulated",
    once_pulled: |on| format!("once, for {on}: pulled"),
    pulled: "pulled",
    copied_files: "files",
    config_only: "config only",
    not_run: "not run",
    unknown: "unknown",
    not_published: "not published",
    no_platform: "not a platform",
    legend: "What the bars mean",
    legend_native: "native, → cross-compiles",
    legend_emulated: "emulated by QEMU",
    legend_once: "once for several",
    legend_nothing: "nothing runs",
    legend_fails: "fails",
    remove_platform: |p| format!("Remove {p}"),
    used_by: |os, cpu| {
        Some(match (os, cpu) {
            ("linux", "amd64") => "Intel and AMD servers",
            ("linux", "arm64") => "Apple silicon, Graviton",
            ("linux", "arm/v7") => "Raspberry Pi OS, 32-bit",
            ("linux", "arm/v6") => "Raspberry Pi Zero and 1",
            ("linux", "arm/v5") => "Older ARM boards",
            ("linux", "386") => "32-bit PCs",
            ("linux", "riscv64") => "RISC-V boards",
            ("linux", "ppc64le") => "IBM Power",
            ("linux", "s390x") => "IBM Z",
            ("linux", "loong64") => "LoongArch",
            ("windows", _) => "Windows containers",
            _ => return None,
        })
    },

    deciding: "What decides",
    selected_step: "Selected step",
    nothing_selected: "Select a step to see where it runs and why.",
    runs: "Runs",
    runs_on: "On",
    shared_with: "Shared with",
    shared_none: "no platform",
    line: "Line",
    kind: "Kind",
    kind_source: "source",
    kind_exec: "program",
    kind_file: "files",
    kind_none: "no step",
    why_native: |on| {
        format!("The builder has a CPU for {on}, so the program runs on it at full speed.")
    },
    why_cross: |on, to| {
        format!(
            "The stage is pinned to the builder's platform, so the program runs natively on {on} \
             and is told to produce files for {to}. This is cross-compilation: as fast as a \
             native build, if the tool knows how."
        )
    },
    why_emulated: |on, builder| {
        format!(
            "The stage has the CPU of its target, {on}, and the builder runs on {builder}. QEMU \
             translates every instruction: correct, but many times slower for a compiler."
        )
    },
    why_unsupported: |on, builder| {
        format!(
            "The step needs {on}; the builder runs on {builder} and has no emulator for it, so \
             the program cannot start."
        )
    },
    why_once: |n| {
        format!(
            "Nothing in this step depends on the target, so BuildKit runs it once and uses the \
             result for {n} platforms."
        )
    },
    why_pulled: |on| format!("The base image's layers for {on} are pulled; nothing runs."),
    why_files: "Files are put into the image; no program runs, so the CPU does not matter here. \
                Whether the files suit the platform is another question: BuildKit does not look \
                inside.",
    why_metadata: "Only the image's configuration changes. No program runs and no layer is added.",
    why_not_run: "The step is not reached on this platform.",
    why_failed: "This is what stops the build. The text is the tool's own.",
    why_unused: "No requested image needs this stage, so BuildKit leaves it out.",

    config_label: "Image config by platform",
    config_key: "Field",
    history: "History",
    nothing_predicted: "Nothing would be published, so there is nothing to show.",
    registry_label: "Documents that the registry would hold",
    document: "Document",
    digest: "Digest",
    size: "Size",
    media_type: "Media type",
    bytes: |n| format!("{} B", thousands(n)),
    index: "index",
    manifest: "manifest",
    image_config: "config",
    attestation: "attestation",
    attestation_config: "config",
    exact_text: "Exact text",
    simulated_note: "Dotted digests are simulated: they cover times or layers that only a real \
                     build knows. The shape of the documents is exact.",

    platforms: "Platforms",
    platforms_help: "As after --platform: os/arch or os/arch/variant.",
    add: "Add",
    build_platform: "Builder's platform",
    driver: "Driver",
    containerd_store: "Daemon uses the containerd image store",
    emulators: "Emulators",
    emulators_help: "What tonistiigi/binfmt has installed besides the builder's own CPU. \
                     BuildKit's own images bring emulators along.",
    emulators_all: "all",
    emulators_none: "none",
    emulators_some: "these",
    attestations: "Attestations",
    attestations_default: "minimal provenance (default)",
    attestations_none: "none: --provenance=false",
    attestations_max: "full provenance: --provenance=mode=max",
    attestations_sbom: "provenance and SBOM: --sbom=true",
    push: "Push the result",
    tags: "Tags",
    tags_help: "one a line, as after -t",
    build_args: "Build arguments",
    build_args_help: "one a line, NAME=value",
    target: "Target stage",
    target_last: "the last stage",
    builder: "Builder",
    command: "The same as a command",

    files_help: "Files of the build context. Names are enough for most questions; a text is \
                 needed where a rule looks inside.",
    file_path: "Path in the context",
    file_text: |path| format!("Text of {path}"),
    file_binary: "Not text; kept as it is.",
    remove: |what| format!("Remove {what}"),

    verify_title: "Verify a tag",
    reference: "Tag or digest",
    must_have: "Must have",
    verify_now: "Verify",
    verifying: "Fetching…",
    try_right: "Try right ones",
    try_wrong: "and wrong ones",
    tree_label: |what| format!("Documents of {what}"),
    hashed_here: "Hashed here",
    hashed_ok: "bytes match the digest",
    hashed_bad: "does not match",
    there: "there",
    gone: "not there",
    missing: "missing",
    artifact: "artifact",
    layer: "layer",
    tick_note: "A tick: the bytes were fetched and hashed in this browser. There: the registry \
                says that it has a layer of this size; its content was not fetched.",
    from_shell: "The same from a shell",
    exit_code: |code| format!("exit code {code}"),
    only_first_fails: "Only polyarch fails the job, with --deep for what is in the layers too: \
                       the others print what is there and end with 0.",
    exactly: "Exactly what was verified",
    requests: |n, bytes| {
        let word = if n == 1 { "request" } else { "requests" };
        format!("{n} {word}, {} B", thousands(bytes))
    },
    took: |rounds, time| {
        let word = if rounds == 1 {
            "round trip"
        } else {
            "round trips"
        };
        format!("{rounds} {word}, {time}")
    },
    from_registry: |host| format!("fetched from {host}"),
    from_memory: "example images made in this page",
    tree: "Tree",
    commands: "Commands",
    verify_first: "Give a reference, or take an example above: the page fetches the index, every \
                   manifest and every config, hashes each, and says whether all platforms are \
                   there and right.",
    milliseconds: |ms| {
        if ms < 10.0 {
            format!("{ms:.1} ms")
        } else {
            format!("{ms:.0} ms")
        }
    },

    rules_title: "Rules",
    search_rules: "Search rules",
    rule_count: |shown, all| {
        if shown == all {
            format!("{all} rules")
        } else {
            format!("{shown} of {all} rules")
        }
    },
    no_rule: |text| format!("No rule matches “{text}”."),
    choose_rule: "Choose a rule to read what it finds, why that matters, and what to do.",
    all_rules: "All rules",

    key_help: "This sheet",
    key_palette: "Commands",
    key_platform: "Add a platform",
    key_views: "The outcome's views",
    key_panes: "Next pane",
    key_link: "Copy a link to this state",
    key_next: "Next finding",
    key_fix: "Apply the first fix",
    key_arrows: "Move in the loom",
    key_escape: "Close; from the loom back to the editor",

    not_found: "There is no such page.",
    bad_link: "This link could not be read:",
};

fn platforms(n: usize) -> String {
    if n == 1 {
        "1 platform".to_owned()
    } else {
        format!("{n} platforms")
    }
}

/// `7,130`; the same in both languages.
pub(super) fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three_digits() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(7_130), "7,130");
        assert_eq!(thousands(12_345_678), "12,345,678");
    }
}
