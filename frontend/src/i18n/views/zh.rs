//! Simplified Chinese.

use polyarch_core::analysis::Way;
use polyarch_core::content::Origin;

use super::{ViewTexts, clock, megabytes};

pub(crate) static VIEWS: ViewTexts = ViewTexts {
    content: "内容",
    content_label: "各平台镜像中的文件，以及每个文件适用的 CPU",
    file: "文件",
    for_another: "适用于另一种 CPU",
    for_one: "适用于一种 CPU",
    for_unknown: "未知",
    for_any: "适用于任何 CPU",
    any_cpu: "任何",
    unknown_cpu: "未知",
    not_there: "没有",
    origin: |origin, from| match origin {
        Origin::Context if from == "Dockerfile" => "写在 Dockerfile 里".to_owned(),
        Origin::Context => format!(
            "构建上下文中的 {}",
            from.strip_prefix("context:").unwrap_or(from)
        ),
        Origin::Image => format!("来自 {from}"),
        Origin::Download => format!("下载自 {from}"),
        Origin::Command => format!("在{}中生成", stage(from)),
        Origin::Packages => format!("由包管理器在{}中安装", stage(from)),
    },
    at_line: |line| format!("第 {line} 行"),
    made_then: |made, line| format!("第 {made} 行，然后第 {line} 行"),
    all_in_folder: "以及其中的一切",
    and_more: |n| format!("另有 {n} 个"),
    no_files: "没有任何指令向镜像放入可以追踪的文件。",
    content_note: "文件通过 COPY、编译器、包管理器和下载来追踪。未建模的一律为未知，从不猜测。",

    tag_page: "仓库页面上的标签",
    os_arch: "系统/架构",
    compressed: "压缩后大小",
    size_note: "构建新增的大小要构建后才知道；基础镜像的层仅在目录里有记录时已知。",
    megabytes,
    base_and_more: |base| format!("{base} + 构建新增"),
    after_build: "构建后可知",
    laid_out: "分行显示",
    named_by: "引用者",
    specification: "见 OCI 镜像规范",
    open_document: |what| format!("打开：{what}"),

    who_pulls: "谁拉到什么",
    client_column: "客户端",
    gets: "得到",
    client: |name| {
        match name {
            "apple-silicon" => "Apple 芯片",
            "graviton" => "AWS Graviton",
            "raspberry-pi-os-64" => "Raspberry Pi OS 64 位",
            "raspberry-pi-os-32" => "Raspberry Pi OS 32 位",
            "raspberry-pi-zero" => "Raspberry Pi Zero 和 1",
            "amd64-node" => "amd64 节点",
            "riscv64-board" => "RISC-V 开发板",
            "windows-server-2022" => "Windows Server 2022",
            "windows-server-2025" => "Windows Server 2025",
            other => other,
        }
        .to_owned()
    },
    instead: "代替，它的 CPU 也能运行",
    gets_wrong: "另一种 CPU 的镜像",
    gets_nothing: "什么也没有",
    choose_clients: "选择客户端",
    other_platform: "其他平台",

    graph: "依赖图",
    graph_label: "构建图：列是平台，行随 Dockerfile",
    reads: |what| format!("读取 {what}"),
    no_steps: "什么也没有构建，所以没有步骤。",
    timeline: "时间线",
    times_note: "时间为估计值。构建中不同平台的工作并行进行。",
    order_note: "没有任务就没有时间：每一步排在它所需的最后一步之后。",

    costs: "成本",
    estimate: |milliseconds| match clock(milliseconds) {
        (0, 0, seconds) => format!("≈ {seconds} 秒"),
        (0, minutes, 0) => format!("≈ {minutes} 分"),
        (0, minutes, seconds) => format!("≈ {minutes} 分 {seconds} 秒"),
        (hours, minutes, _) => format!("≈ {hours} 小时 {minutes} 分"),
    },
    estimated_time: "估计时间",
    emulated_steps: "模拟执行的步骤",
    to_push: "推送量",
    hub_pulls: "Docker Hub 拉取",
    in_all: "合计",
    cost_note: "时间按文档中的模型估计；各平台并行构建，共用的部分在合计中只算一次。层在构建之后才有大小，基础镜像目录里有的除外。Docker Hub 对镜像的每个平台各计一次拉取。",
    pulled_for: "拉取",
    ways: "同一个镜像的其他构建方式",
    way_column: "方式",
    way: |way| match way {
        Way::AsWritten => ("现状", "Dockerfile 和构建器保持不变"),
        Way::Emulate => ("模拟", "每个阶段都在镜像的平台上运行，异构平台用 QEMU"),
        Way::CrossCompile => ("交叉编译", "最后阶段之前的阶段都在构建机自己的平台上运行"),
        Way::NativeRunners => ("原生运行器", "每个平台用自己 CPU 的构建机，再按摘要合并"),
    },
    until_done: "全部完成",
    work_in_all: "总工作量",
    change_to: "改成这样",
    way_already: "已经是这样。",
    way_no_stage: "导出的阶段之前没有别的阶段。",
    way_by_hand: "没有一种改法能保证文件仍然正确，需要人来改。",
    no_ways: "失败的构建还谈不上成本，先修好失败之处。",
    ways_note: "修改可以撤销。只有每个文件都仍属于正确的 CPU 时才提供修改。",

    choose_archive: "选择归档文件",
    archive_stays: "或拖放到这里（OCI 布局或 docker save 的 tar）：文件只留在本浏览器中。",
    reading: |percent| format!("正在读取归档：{percent} %"),
    from_archive: "在本浏览器中读取，包括各层",

    compare: "比较",
    compare_first: "先保留当前状态再修改，或选择一个场景或链接：步骤、配置、内容、文档和问题的差异会列在这里。",
    nothing_differs: "没有差异。",
    keep_state: "保留当前状态",
    against_scenario: "与场景比较…",
    against_link: "演练场链接",
    all_platforms: "所有平台",
    before: "之前",
    after: "现在",
};

/// `build:12` 是阶段 `build` 的第 12 行；`RUN` 是没有名字的阶段。
fn stage(from: &str) -> String {
    match from.rsplit_once(':') {
        Some(("RUN", _)) => "本阶段".to_owned(),
        Some((stage, _)) => format!("阶段 {stage} "),
        None => from.to_owned(),
    }
}
