//! Tells cargo when the embedded page or the documents changed.
//!
//! `dist/` need not exist: the binary then says that it was built without the page. A path that
//! is missing would make cargo rebuild every time, so it is watched only when it is there; whoever
//! builds the page for the first time touches this file (`make` does).

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=../docs");
    let page = Path::new("../dist");
    if page.is_dir() {
        println!("cargo:rerun-if-changed={}", page.display());
    }
}
