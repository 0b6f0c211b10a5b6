// usage: node scripts/first-picture.mjs DIST
// Puts into the built page what its app shows on a first visit, so that the outcome is painted
// before the app has arrived. The app then takes its place, the same to the pixel. Visits that
// show something else do not see it: `frontend/js/first.js` decides that before the first paint.

import { createServer } from 'node:http';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const dist = process.argv[2];
const types = { html: 'text/html', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm' };
const server = createServer((request, response) => {
  const name = request.url.split(/[?#]/)[0].slice(1) || 'index.html';
  // The editor's chunk comes later than the picture: what stands there first is the textarea.
  if (name.startsWith('editor-') || name.includes('..')) return response.writeHead(404).end();
  try {
    const bytes = readFileSync(join(dist, name));
    response.writeHead(200, { 'content-type': types[name.split('.').pop()] ?? 'text/plain' }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid() !== 0,
  args: ['--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    locale: 'en',
    serviceWorkers: 'block',
  });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.locator('.app .verdict .say').waitFor();
  await page.waitForTimeout(200);
  const picture = await page.locator('.app').evaluate((app) => {
    for (const area of app.querySelectorAll('textarea')) area.textContent = area.value;
    app.setAttribute('inert', '');
    app.classList.add('picture');
    return app.outerHTML;
  });
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const whole = html.replace(/<div id="app">[\s\S]*<\/div>(?=\s*<\/body>)/, () => `<div id="app">${picture}</div>`);
  writeFileSync(join(dist, 'index.html'), whole);
  writeFileSync(join(dist, 'index.html.br'), brotliCompressSync(whole));
  writeFileSync(join(dist, 'index.html.gz'), gzipSync(whole, { level: 9 }));
} finally {
  await browser.close();
  server.close();
}
