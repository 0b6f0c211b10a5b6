//! The route that the address names, followed as it changes.

use gloo_events::EventListener;
use yew::prelude::*;

use crate::browser;
use crate::routes::Route;

#[hook]
pub(crate) fn use_route() -> Route {
    let route = use_state(|| Route::parse(&browser::fragment()));
    let setter = route.setter();
    use_effect_with((), move |()| {
        let listener = browser::window().map(|window| {
            EventListener::new(&window, "hashchange", move |_| {
                setter.set(Route::parse(&browser::fragment()));
            })
        });
        move || drop(listener)
    });
    (*route).clone()
}
