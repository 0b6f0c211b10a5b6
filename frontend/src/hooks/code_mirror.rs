//! The editor's chunk, asked for once the page has been painted.

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::code_mirror::{self, Module};

/// Long enough for the first paint, in milliseconds.
const AFTER_PAINT: u32 = 30;

/// The chunk, `None` until it has arrived; asked for only where it is wanted.
#[hook]
pub(crate) fn use_code_mirror(wanted: bool) -> Option<Module> {
    let module = use_state(code_mirror::loaded);
    use_effect_with(wanted, {
        let module = module.clone();
        move |wanted| {
            if *wanted && module.is_none() {
                let setter = module.setter();
                spawn_local(async move {
                    TimeoutFuture::new(AFTER_PAINT).await;
                    if let Some(loaded) = code_mirror::load().await {
                        code_mirror::hand_over();
                        setter.set(Some(loaded));
                    }
                });
            }
        }
    });
    (*module).clone()
}
