// The service worker: keeps the page for visits without a network. Files with a hash in their name
// never change, so the kept copy answers; the page itself is asked for first, and the kept copy
// answers where the network does not. Registries and the gateway are never touched.
//
// scripts/finish-page.mjs puts version and files in place of the two constants.

/* global VERSION, FILES */
const name = `polyarch-${VERSION}`;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const old = (key) => key.startsWith('polyarch-') && key !== name;
  event.waitUntil(
    caches.keys()
      .then((keys) => Promise.all(keys.filter(old).map((key) => caches.delete(key))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  const base = new URL('./', self.location.href);
  if (request.method !== 'GET' || address.origin !== base.origin) return;
  if (address.href.split(/[?#]/)[0] === base.href) {
    event.respondWith(fetch(request).catch(() => caches.match(base.href)));
    return;
  }
  const file = `./${address.pathname.slice(base.pathname.length)}`;
  if (!FILES.includes(file)) return;
  event.respondWith(caches.match(request, { ignoreSearch: true }).then((kept) => kept ?? fetch(request)));
});
