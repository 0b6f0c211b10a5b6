//! The page's few drawings. All are decoration: the word beside them says the same.

use yew::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyph {
    Check,
    Cross,
    Stop,
    Triangle,
    Info,
    Plus,
    Undo,
    Copy,
    Theme,
    Question,
    Right,
    Down,
    Skip,
}

impl Glyph {
    /// Path on a 16 by 16 grid, stroked.
    fn path(self) -> &'static str {
        match self {
            Self::Check => "M3 8.6l3.2 3.1L13 4.6",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Stop => {
                "M5.5 1.8h5l3.7 3.7v5l-3.7 3.7h-5L1.8 10.5v-5zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4"
            }
            Self::Triangle => "M8 2.2l6.5 11.6h-13zM8 6.5v3.4M8 11.7v.4",
            Self::Info => "M8 1.8a6.2 6.2 0 100 12.4A6.2 6.2 0 008 1.8zM8 7.4v3.6M8 4.9v.4",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Undo => "M5.5 3l-3 3 3 3M3 6h6.5a3.5 3.5 0 010 7H6",
            Self::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Self::Theme => "M8 2a6 6 0 100 12A6 6 0 008 2zM8 2v12M8 4.5l4.6-.4M8 8h6M8 11.5l4.6.4",
            Self::Question => "M6 6.2a2 2 0 113.1 1.7C8.3 8.4 8 8.8 8 9.6M8 11.6v.4",
            Self::Right => "M6 4.5L9.5 8 6 11.5",
            Self::Skip => "M4 8h8",
            Self::Down => "M4.5 6L8 9.5 11.5 6",
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) glyph: Glyph,
    #[prop_or(16)]
    pub(crate) size: u32,
    #[prop_or_default]
    pub(crate) class: Classes,
}

#[component]
pub(crate) fn Icon(props: &Props) -> Html {
    let size = props.size.to_string();
    html! {
        <svg class={props.class.clone()} width={size.clone()} height={size} viewBox="0 0 16 16"
            fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"
            stroke-linejoin="round" aria-hidden="true">
            <path d={props.glyph.path()} />
        </svg>
    }
}
