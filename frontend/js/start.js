// Starts the page: the app's WebAssembly now, the editor's chunk when the app asks for it, and the
// worker that keeps the page for visits without a network.
//
// scripts/finish-page.mjs bundles this with the glue that wasm-bindgen wrote (`glue`), and puts the
// names of the built files in place of the two constants.

/* global WASM, EDITOR */
import init from 'glue';

globalThis.polyarchEditor = () => import(new URL(EDITOR, import.meta.url).href);

init({ module_or_path: new URL(WASM, import.meta.url) }).catch((error) => {
  const notice = document.createElement('p');
  notice.className = 'crash';
  notice.setAttribute('role', 'alert');
  notice.textContent = `The page could not start: ${error.message}`;
  document.body.prepend(notice);
});
