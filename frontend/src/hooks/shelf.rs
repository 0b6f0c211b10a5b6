//! The shelf of scenarios, filled once after the first paint.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::state::shelf::Shelf;

#[hook]
pub(crate) fn use_shelf() -> Shelf {
    let shelf = use_state(Shelf::first);
    let setter = shelf.setter();
    use_effect_with((), move |()| {
        spawn_local(async move { setter.set(Shelf::fetch().await) });
    });
    (*shelf).clone()
}
