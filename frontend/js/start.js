// Starts the page: the app's WebAssembly now, the editor's chunk when the app asks for it, and the
// worker that keeps the page for visits without a network.
//
// scripts/finish-page.mjs bundles this with the glue that wasm-bindgen wrote (`glue`), and puts the
// names of the built files in place of the constants.

/* global WASM, EDITOR, WORKER */
import init from 'glue';

globalThis.polyarchEditor = () => import(new URL(EDITOR, import.meta.url).href);

init({ module_or_path: new URL(WASM, import.meta.url) }).catch((error) => {
  // A panic has said more already.
  if (document.querySelector('.crash')) return;
  const notice = document.createElement('p');
  notice.className = 'crash';
  notice.setAttribute('role', 'alert');
  notice.textContent = `The page could not start: ${error.message}`;
  document.body.prepend(notice);
});

if ('serviceWorker' in navigator && isSecureContext) {
  const known = Boolean(navigator.serviceWorker.controller);
  addEventListener('load', () => navigator.serviceWorker.register(new URL(WORKER, document.baseURI)).catch(() => {}));
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (known) dispatchEvent(new CustomEvent('polyarch-update'));
  });
}
