// usage: node shift.mjs BASE
// How far things move that nobody moved: from the picture that the page brings along to the page
// itself, and while typing. Prints the browser's own sums (cumulative layout shift) and pixels.

import { onPage } from './chromium.mjs';

const [base] = process.argv.slice(2);
const sizes = [[1440, 900], [1280, 800], [768, 1024], [360, 740]];
const parts = ['.top', '.verdict', '.compose .tabs', '.outcome .tabs', '.editor', '.loom', '.inspect', '.bottom'];
const complaints = [];
const seen = [];
for (const [width, height] of sizes) {
  const viewport = { width, height };
  await onPage({ viewport, serviceWorkers: 'block' }, complaints, async (page) => {
    await page.addInitScript(() => {
      globalThis.shifts = [];
      new PerformanceObserver((list) => globalThis.shifts.push(...list.getEntries()))
        .observe({ type: 'layout-shift', buffered: true });
    });
    // The app waits until the picture was measured.
    let release;
    const measured = new Promise((resolve) => { release = resolve; });
    await page.route(/\.wasm$/, async (route) => { await measured; await route.continue(); });
    await page.goto(base, { waitUntil: 'domcontentloaded' });
    await page.locator('.app.picture').waitFor();
    const picture = await places(page, '.app.picture');
    release();
    await page.locator('.app:not(.picture) .verdict .say').waitFor();
    await page.locator('.cm-content').first().waitFor({ state: 'attached' });
    await settled(page);
    const live = await places(page, '.app:not(.picture)');
    const moved = parts.filter((part) => JSON.stringify(picture[part]) !== JSON.stringify(live[part]));
    const start = await sum(page);

    // Letters in the middle of a text; in a comment, so that no finding comes or goes.
    if (await page.locator('.bottom').isVisible()) await page.locator('.bottom button').first().click();
    await page.getByRole('tab', { name: 'CI job' }).click();
    const editor = page.locator('.cm-content#job');
    await editor.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('End');
    await settled(page);
    const before = await sum(page);
    for (const letter of ' and more words') await page.keyboard.type(letter);
    await page.waitForFunction(
      () => document.querySelector('.cm-content#job')?.textContent.includes('and more words'),
    );
    await settled(page);
    const typing = (await sum(page)) - before;
    seen.push({ width, moved: moved.map((part) => ({ part, from: picture[part], to: live[part] })), start, typing });
  });
}
console.log(JSON.stringify({ complaints, seen }));

/** Where each part is, in whole pixels, and how high; null where it is not shown. */
function places(page, root) {
  return page.evaluate(
    ([root, parts]) =>
      Object.fromEntries(
        parts.map((part) => {
          const box = document.querySelector(`${root} ${part}`)?.getBoundingClientRect();
          const shown = box !== undefined && box.width > 0;
          return [part, shown ? [box.x, box.y, box.height].map(Math.round) : null];
        }),
      ),
    [root, parts],
  );
}

/** All shifts up to now, those after a key press too. */
function sum(page) {
  return page.evaluate(() => globalThis.shifts.reduce((all, one) => all + one.value, 0));
}

/** Two frames later: everything is laid out, and the browser has told its observers. */
function settled(page) {
  return page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  );
}
