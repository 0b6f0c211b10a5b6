//! Two panes and the splitter between them: by mouse, by keyboard, remembered.

use web_sys::{Element, PointerEvent};
use yew::prelude::*;

use crate::browser::storage;

const LEAST: i32 = 25;
const MOST: i32 = 70;
const STEP: i32 = 2;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What the splitter moves, for its name.
    pub(crate) label: AttrValue,
    /// Share of the first pane in per cent, if the user did not choose one.
    pub(crate) share: i32,
    /// Key under which the share is remembered.
    pub(crate) remember: &'static str,
    pub(crate) first: Html,
    pub(crate) second: Html,
    /// Which pane a phone shows; a name for the stylesheet.
    pub(crate) pane: &'static str,
}

#[component]
pub(crate) fn Panes(props: &Props) -> Html {
    let remembered = props.remember;
    let given = props.share;
    let share = use_state(|| {
        let stored = storage::read(remembered).and_then(|text| text.parse().ok());
        stored.unwrap_or(given).clamp(LEAST, MOST)
    });
    let dragging = use_state(|| false);
    let frame = use_node_ref();
    let set = {
        let share = share.clone();
        Callback::from(move |to: i32| {
            let to = to.clamp(LEAST, MOST);
            storage::write(remembered, &to.to_string());
            share.set(to);
        })
    };
    let onkeydown = {
        let (set, share) = (set.clone(), *share);
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" | "ArrowUp" => share - STEP,
                "ArrowRight" | "ArrowDown" => share + STEP,
                "Home" => LEAST,
                "End" => MOST,
                _ => return,
            };
            event.prevent_default();
            set.emit(to);
        })
    };
    let onpointerdown = {
        let dragging = dragging.setter();
        Callback::from(move |event: PointerEvent| {
            if let Some(target) = event.target_dyn_into::<Element>() {
                let _ = target.set_pointer_capture(event.pointer_id());
            }
            event.prevent_default();
            dragging.set(true);
        })
    };
    let onpointermove = {
        let (frame, dragging) = (frame.clone(), *dragging);
        Callback::from(move |event: PointerEvent| {
            if dragging && let Some(frame) = frame.cast::<Element>() {
                set.emit(share_at(&frame, &event));
            }
        })
    };
    let onpointerup = dragging.setter();
    let onpointerup = Callback::from(move |_: PointerEvent| onpointerup.set(false));
    html! {
        <div class="panes" ref={frame} data-pane={props.pane}
            style={format!("--first: {}fr; --second: {}fr", *share, 100 - *share)}>
            { props.first.clone() }
            <div class="splitter" role="separator" tabindex="0" aria-orientation="vertical"
                aria-label={props.label.clone()} aria-valuemin={LEAST.to_string()}
                aria-valuemax={MOST.to_string()} aria-valuenow={share.to_string()}
                data-dragging={dragging.then_some("")}
                {onkeydown} {onpointerdown} {onpointermove} {onpointerup} />
            { props.second.clone() }
        </div>
    }
}

/// Where the pointer is in the frame, in per cent of its width, or of its height where the panes
/// lie over each other.
fn share_at(frame: &Element, event: &PointerEvent) -> i32 {
    let frame = frame.get_bounding_client_rect();
    let upright = crate::browser::is_narrow(1099);
    let (at, from, whole) = if upright {
        (event.client_y(), frame.top(), frame.height())
    } else {
        (event.client_x(), frame.left(), frame.width())
    };
    if whole < 1.0 {
        return LEAST;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a share of a hundred fits any integer"
    )]
    let share = ((f64::from(at) - from) / whole * 100.0).round() as i32;
    share
}
