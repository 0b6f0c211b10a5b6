//! A CPU's name in the shape that stands for it.

use polyarch_core::platform::Platform;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) platform: Platform,
    #[prop_or_default]
    pub(crate) bad: bool,
}

#[component]
pub(crate) fn CpuBadge(props: &Props) -> Html {
    let shape = match props.platform.architecture.as_str() {
        "arm64" => "round",
        "arm" => "cut",
        "amd64" | "386" => "square",
        _ => "soft",
    };
    html! {
        <span class={classes!("cpu", shape, props.bad.then_some("bad"))}>
            { short(&props.platform) }
        </span>
    }
}

/// `arm/v7`; with the system in front where it is not Linux.
pub(crate) fn short(platform: &Platform) -> String {
    let mut text = String::new();
    if platform.os != "linux" {
        text.push_str(&platform.os);
        text.push('/');
    }
    text.push_str(&platform.architecture);
    if !platform.variant.is_empty() {
        text.push('/');
        text.push_str(&platform.variant);
    }
    text
}
