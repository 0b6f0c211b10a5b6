//! English.

use polyarch_core::analysis::Way;
use polyarch_core::content::Origin;

use super::{ViewTexts, clock, megabytes};

pub(crate) static VIEWS: ViewTexts = ViewTexts {
    content: "Content",
    content_label: "Files of the image by platform, and the CPU that each is for",
    file: "File",
    for_another: "For another CPU than the image",
    for_one: "For one CPU",
    for_unknown: "Not known",
    for_any: "For any CPU",
    any_cpu: "any",
    unknown_cpu: "not known",
    not_there: "not there",
    origin: |origin, from| match origin {
        Origin::Context if from == "Dockerfile" => "written in the Dockerfile".to_owned(),
        Origin::Context => format!(
            "{} of the build context",
            from.strip_prefix("context:").unwrap_or(from)
        ),
        Origin::Image => format!("from {from}"),
        Origin::Download => format!("downloaded from {from}"),
        Origin::Command => format!("made in {}", stage(from)),
        Origin::Packages => format!("installed by a package manager in {}", stage(from)),
    },
    at_line: |line| format!("line {line}"),
    made_then: |made, line| format!("line {made}, then line {line}"),
    all_in_folder: "and all that is in it",
    and_more: |n| format!("and {n} more"),
    no_files: "No instruction puts a file into the image that can be followed.",
    content_note: "Files are followed through COPY, compilers, package managers and downloads. What \
                   is not modelled is not known; nothing is guessed.",

    tag_page: "The tag on the registry’s page",
    os_arch: "OS/ARCH",
    compressed: "Compressed size",
    size_note: "What the build adds is known once it is built; layers of the base are known where the catalogue of bases has them.",
    megabytes,
    base_and_more: |base| format!("{base} + what is built"),
    after_build: "after the build",
    laid_out: "Laid out",
    named_by: "Named by",
    specification: "In the OCI image specification",
    open_document: |what| format!("Open: {what}"),

    who_pulls: "Who pulls what",
    client_column: "Client",
    gets: "Gets",
    client: |name| {
        match name {
            "apple-silicon" => "Apple silicon",
            "graviton" => "AWS Graviton",
            "raspberry-pi-os-64" => "Raspberry Pi OS, 64-bit",
            "raspberry-pi-os-32" => "Raspberry Pi OS, 32-bit",
            "raspberry-pi-zero" => "Raspberry Pi Zero and 1",
            "amd64-node" => "amd64 node",
            "riscv64-board" => "RISC-V board",
            "windows-server-2022" => "Windows Server 2022",
            "windows-server-2025" => "Windows Server 2025",
            other => other,
        }
        .to_owned()
    },
    instead: "instead, which its CPU runs too",
    gets_wrong: "an image for another CPU",
    gets_nothing: "nothing",
    choose_clients: "Choose clients",
    other_platform: "Another platform",

    graph: "Graph",
    graph_label: "Build graph: lanes are platforms, rows follow the Dockerfile",
    reads: |what| format!("reads {what}"),
    no_steps: "Nothing is built, so there are no steps.",
    timeline: "Timeline",
    times_note: "Times are estimates. What a build does for different platforms runs side by side.",
    order_note: "Without a job there are no times: each step stands behind the last that it needs.",

    costs: "Costs",
    estimate: |milliseconds| match clock(milliseconds) {
        (0, 0, seconds) => format!("≈ {seconds} s"),
        (0, minutes, 0) => format!("≈ {minutes} min"),
        (0, minutes, seconds) => format!("≈ {minutes} min {seconds} s"),
        (hours, minutes, _) => format!("≈ {hours} h {minutes} min"),
    },
    estimated_time: "Estimated time",
    emulated_steps: "Steps emulated",
    to_push: "To push",
    hub_pulls: "Docker Hub pulls",
    in_all: "In all",
    cost_note: "Times are estimates of a documented model; platforms are built side by side, and what they share is counted once in all. Layers have a size once they are built or where the catalogue of bases has it. Docker Hub counts each platform of an image as a pull.",
    pulled_for: "Pulls",
    ways: "The same image, built another way",
    way_column: "Way",
    way: |way| match way {
        Way::AsWritten => ("As written", "the Dockerfile and the builder as they are"),
        Way::Emulate => (
            "Emulate",
            "every stage on the image’s platform, foreign ones under QEMU",
        ),
        Way::CrossCompile => (
            "Cross-compile",
            "stages before the last on the builder’s own platform",
        ),
        Way::NativeRunners => (
            "Native runners",
            "a builder of its own CPU for each platform, merged by digest",
        ),
    },
    until_done: "Until all is done",
    work_in_all: "Work in all",
    change_to: "Change to this",
    way_already: "It is so already.",
    way_no_stage: "No stage comes before the exported one.",
    way_by_hand: "No edit is certain to keep the files right: it takes a person.",
    no_ways: "A build that fails costs nothing yet: fix what fails first.",
    ways_note: "An edit can be taken back. It is offered only where every file stays for the right CPU.",

    choose_archive: "choose an archive",
    archive_stays: "or drop one here (OCI layout or docker save, as a tar): it stays in this browser.",
    reading: |percent| format!("Reading the archive: {percent} %"),
    from_archive: "read in this browser, layers included",

    compare: "Compare",
    compare_first: "Keep this state, then change something; or choose a scenario or a link: what differs in steps, config, content, documents and findings is listed here.",
    nothing_differs: "Nothing differs.",
    keep_state: "Keep this state",
    against_scenario: "Against a scenario…",
    against_link: "Link of a playground",
    all_platforms: "all platforms",
    before: "before",
    after: "now",
};

/// `build:12` is what stands at line 12 in the stage `build`; `RUN` is a stage without a name.
fn stage(from: &str) -> String {
    match from.rsplit_once(':') {
        Some(("RUN", _)) => "this stage".to_owned(),
        Some((stage, _)) => format!("stage {stage}"),
        None => from.to_owned(),
    }
}
