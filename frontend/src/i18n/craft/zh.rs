//! Simplified Chinese.

use super::CraftTexts;

pub(crate) static CRAFT: CraftTexts = CraftTexts {
    break_it: "弄坏它",
    broken: "已弄坏：",
    mistake: |mistake| mistake.title_zh,

    palette: "命令",
    palette_hint: "想做什么？",
    palette_none: "没有符合的命令。",
    show: |view| format!("显示{view}"),
    go_to: |page| format!("前往{page}"),
    open: |example| format!("打开：{example}"),
    change_theme: "切换主题",
    change_language: "切换语言",

    copy_markdown: "复制为 Markdown",
    markdown_copied: "已复制 Markdown",
    download_zip: "下载 zip",
    copy_gate: "复制此任务的门禁",
    gate_copied: "已复制门禁，放在推送之后",
    clipboard_failed: "浏览器拒绝了剪贴板",

    update_ready: "有新版本。",
    load_again: "重新载入",

    ci_form: "CI 文件",
    ci_none: "每个选项都会写出一份 CI 文件：构建、推送并核验。",
    ci_exact: "文件与这些选项一致；在这里改，文件跟着变。",
    ci_by_hand: "文件是手写的。表单显示读得出的部分；在这里改会替换整个文件，可以撤销。",
    ci_written: "已写入 CI 文件",
    ci_write: "写出文件",
    ci_service: "服务",
    ci_registry: "仓库",
    ci_image: "镜像",
    ci_strategy: "其他 CPU",
    ci_emulation: "用 QEMU 模拟",
    ci_cross: "在 Dockerfile 里交叉编译",
    ci_native: "各用自己的 Runner",
    ci_platforms: "CI 文件的平台",
    ci_cache: "保留构建缓存",
    ci_provenance: "附带来源证明",

    further: "较少用到",
    buildkit: "BuildKit 版本",
    newest: "最新",
    further_flags: "其他标志和 BUILDX_ 变量，每行一个",

    plain_editor: "使用纯文本编辑器",
    rich_editor: "使用增强编辑器",
    tab_indents: "让 Tab 在编辑器里缩进",
    tab_leaves: "让 Tab 离开编辑器",
};
