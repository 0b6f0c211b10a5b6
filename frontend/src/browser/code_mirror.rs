//! CodeMirror's chunk: loaded by the page's start script, driven through plain data.
//!
//! The start script leaves a function behind that imports the chunk; where there is none, or it
//! fails, there is no module and the page keeps its textarea.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlTextAreaElement};

/// The function that the start script leaves behind.
const LOADER: &str = "polyarchEditor";

/// The loaded chunk.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Module(JsValue);

/// What a view tells the page.
pub(crate) struct Handlers {
    pub(crate) change: Box<dyn Fn(String)>,
    pub(crate) caret: Box<dyn Fn(usize)>,
    /// The user asked for the fix of the finding at this position.
    pub(crate) fix: Box<dyn Fn(usize)>,
    /// What can stand at a UTF-16 offset, as JSON; the flag says that the user asked for it.
    #[expect(clippy::type_complexity, reason = "one shape, named nowhere else")]
    pub(crate) complete: Box<dyn Fn(&str, u32, bool) -> Option<String>>,
}

/// An editor in the page; it goes when this is dropped.
pub(crate) struct View {
    handle: JsValue,
    /// Its methods call these as long as it lives.
    _closures: Vec<Box<dyn std::any::Any>>,
}

thread_local! {
    static LOADED: RefCell<Option<Module>> = const { RefCell::new(None) };
}

/// The chunk, if it has arrived.
pub(crate) fn loaded() -> Option<Module> {
    LOADED.with(|module| module.borrow().clone())
}

/// Loads the chunk; `None` where that does not work.
pub(crate) async fn load() -> Option<Module> {
    if let Some(module) = loaded() {
        return Some(module);
    }
    let window = super::window()?;
    let loader = Reflect::get(&window, &LOADER.into()).ok()?;
    let promise = loader.dyn_ref::<Function>()?.call0(&window).ok()?;
    let module = JsFuture::from(promise.dyn_into::<Promise>().ok()?);
    let module = Module(module.await.ok()?);
    LOADED.with(|loaded| loaded.replace(Some(module.clone())));
    Some(module)
}

impl Module {
    /// Puts an editor into `host`. `shown` is the first state of the text, as JSON.
    pub(crate) fn create(
        &self,
        host: &Element,
        id: &str,
        generation: u32,
        shown: &str,
        handlers: Handlers,
    ) -> Option<View> {
        let object = Object::new();
        let mut closures: Vec<Box<dyn std::any::Any>> = Vec::new();
        let mut put = |name: &str, function: &JsValue, closure: Box<dyn std::any::Any>| {
            // An object of our own takes every property.
            let _ = Reflect::set(&object, &name.into(), function);
            closures.push(closure);
        };
        let Handlers {
            change,
            caret,
            fix,
            complete,
        } = handlers;
        let change = Closure::<dyn Fn(String)>::new(change);
        put("change", &change.as_ref().clone(), Box::new(change));
        let caret = Closure::<dyn Fn(u32)>::new(move |line: u32| caret(line as usize));
        put("caret", &caret.as_ref().clone(), Box::new(caret));
        let fix = Closure::<dyn Fn(u32)>::new(move |at: u32| fix(at as usize));
        put("fix", &fix.as_ref().clone(), Box::new(fix));
        let complete =
            Closure::<dyn Fn(String, u32, bool) -> JsValue>::new(move |text: String, at, asked| {
                complete(&text, at, asked).map_or(JsValue::NULL, JsValue::from)
            });
        put("complete", &complete.as_ref().clone(), Box::new(complete));

        let create = Reflect::get(&self.0, &"create".into()).ok()?;
        let arguments = Array::of3(host, &id.into(), &generation.into());
        arguments.push(&shown.into());
        arguments.push(&object);
        arguments.push(&handed_over(id));
        let create = create.dyn_ref::<Function>()?;
        let handle = create.apply(&JsValue::NULL, &arguments).ok()?;
        Some(View {
            handle,
            _closures: closures,
        })
    }
}

impl View {
    /// The text and what is known of it, as JSON.
    pub(crate) fn update(&self, shown: &str) {
        self.call("update", &[shown.into()]);
    }

    /// Brings a line, from 1, into view.
    pub(crate) fn reveal(&self, line: usize) {
        let line = u32::try_from(line).unwrap_or(0);
        self.call("reveal", &[line.into()]);
    }

    fn call(&self, name: &str, arguments: &[JsValue]) {
        let method = Reflect::get(&self.handle, &name.into());
        if let Some(method) = method.ok().and_then(|m| m.dyn_into::<Function>().ok()) {
            let arguments: Array = arguments.iter().collect();
            let _ = method.apply(&self.handle, &arguments);
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        self.call("destroy", &[]);
    }
}

thread_local! {
    /// Id and selection of a textarea that had the focus when the chunk arrived.
    static CARET: RefCell<Option<(String, u32, u32)>> = const { RefCell::new(None) };
}

/// Remembers the caret of a focused textarea, for the editor that takes its place.
pub(crate) fn hand_over() {
    let focused = super::document().and_then(|document| document.active_element());
    let caret = focused
        .and_then(|element| element.dyn_into::<HtmlTextAreaElement>().ok())
        .map(|area| {
            let at = |offset: Result<Option<u32>, JsValue>| offset.ok().flatten().unwrap_or(0);
            (
                area.id(),
                at(area.selection_start()),
                at(area.selection_end()),
            )
        });
    CARET.with(|slot| slot.replace(caret));
}

fn handed_over(id: &str) -> JsValue {
    let caret = CARET.with(RefCell::take);
    match caret {
        Some((of, start, end)) if of == id => Array::of2(&start.into(), &end.into()).into(),
        _ => JsValue::NULL,
    }
}
