// usage: node progress.mjs BASE REFERENCE ARCHIVE...
// Watches a verification while it runs: one answer is held back until the ticks of the others are
// seen. Then archives are dropped onto the page. Prints what it saw as JSON.

import { basename } from 'node:path';
import { onPage } from './chromium.mjs';

const [base, reference, ...archives] = process.argv.slice(2);
const complaints = [];
const viewport = { width: 1280, height: 800 };
const seen = await onPage({ viewport, serviceWorkers: 'block' }, complaints, async (page) => {
  // The configs stay away until the manifests have their ticks.
  let release;
  const held = new Promise((resolve) => (release = resolve));
  let configs = 0;
  await page.route(/\/v2\/.*\/blobs\//, async (route) => {
    if (route.request().method() === 'GET') {
      configs++;
      await held;
    }
    await route.continue();
  });
  await page.goto(`${base}/#/verify?ref=${encodeURIComponent(reference)}`);
  const busy = page.locator('.tree-pane[aria-busy="true"]');
  await busy.waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[aria-busy] .tree .tick').length >= 3);
  const early = { ticks: await busy.locator('.tick').count(), rows: await busy.locator('tbody tr').count() };
  release();
  await page.locator('[data-report]').waitFor();
  const late = { ticks: await page.locator('.tree .tick').count(), configs };
  const again = await page.locator('tr.again').count();

  const dropped = [];
  for (const archive of archives) {
    await page.goto('about:blank');
    await page.goto(`${base}/#/verify`);
    await page.locator('main.verify').waitFor();
    await page.evaluate(watch);
    await page.locator('input[type=file]').setInputFiles(archive);
    await page.locator('[data-report]').waitFor({ timeout: 120000 });
    dropped.push({
      name: basename(archive),
      report: await page.locator('[data-report]').getAttribute('data-report'),
      said: await page.locator('.verdict .say').innerText(),
      workers: page.workers().length,
      ...(await page.evaluate(() => globalThis.watched)),
    });
  }
  return { early, late, again, dropped };
});
console.log(JSON.stringify({ complaints, ...seen }));

/** Runs in the page: the longest time in which it drew nothing, in milliseconds. */
function watch() {
  globalThis.watched = { longest: 0, frames: 0 };
  let last = performance.now();
  const frame = (now) => {
    globalThis.watched.longest = Math.max(globalThis.watched.longest, Math.round(now - last));
    globalThis.watched.frames++;
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
