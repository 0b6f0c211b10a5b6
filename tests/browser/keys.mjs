// usage: node keys.mjs BASE
// The page by its keys alone: panes, platforms, findings, the loom, sheet and palette; then what a
// kept page says when the server has a newer one. Prints what it saw as JSON.

import { createServer, request } from 'node:http';
import { onPage } from './chromium.mjs';

const [base] = process.argv.slice(2);
const complaints = [];
const viewport = { width: 1280, height: 800 };
const seen = {};

await onPage({ viewport }, complaints, async (page) => {
  await page.goto(`${base}/#/scenarios/go-cross`);
  await page.locator('.look').waitFor({ state: 'attached' });
  await page.locator('.cm-content#dockerfile').waitFor();
  const focus = (selector) =>
    page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector);

  // F6 goes round the panes; in the outcome a bare letter is a key.
  seen.panes = [];
  for (let at = 0; at < 3; at++) {
    await page.keyboard.press('F6');
    seen.panes.push((await focus('.compose')) ? 'compose' : (await focus('.outcome')) && 'outcome');
  }
  await page.keyboard.press('F6');
  const columns = page.locator('.loom thead th');
  const before = await columns.count();
  await page.keyboard.press('p');
  await columns.nth(before).waitFor();
  seen.added = (await columns.count()) - before;
  seen.verdict = await page.locator('.verdict .say').textContent();

  // The loom is a grid with one tab stop.
  const cell = () => page.evaluate(() => document.activeElement?.id);
  await page.locator('.loom [tabindex="0"]').focus();
  seen.walk = [await cell()];
  for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowUp']) {
    await page.keyboard.press(key);
    seen.walk.push(await cell());
  }
  seen.stops = await page.locator('.loom [tabindex="0"]').count();
  seen.selected = await page.locator('.loom td[aria-selected="true"]').getAttribute('id');
  await page.keyboard.press('Escape');
  seen.home = await cell();

  // Sheet and palette take the focus and give it back.
  await page.locator('#outcome-tab-0').focus();
  await page.keyboard.press('?');
  await page.locator('.sheet').waitFor();
  seen.sheet = await focus('.sheet');
  seen.keys = await page.locator('.sheet dt').count();
  await page.keyboard.press('Escape');
  await page.locator('.sheet').waitFor({ state: 'detached' });
  seen.afterSheet = await cell();
  await page.keyboard.press('Control+k');
  await page.locator('.palette').waitFor();
  seen.palette = await focus('.palette');
  await page.keyboard.press('Escape');
  await page.locator('.palette').waitFor({ state: 'detached' });
  seen.afterPalette = await cell();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('show registry');
  await page.keyboard.press('Enter');
  seen.run = await page.locator('.outcome [role=tab][aria-selected="true"] .tab-label').textContent();

  // Ctrl+Enter goes from finding to finding, Ctrl+. mends the one that decides.
  await page.goto(`${base}/#/scenarios/job-ecr`);
  await page.getByRole('link', { name: 'ECR job: the repository is missing' }).waitFor();
  const line = page.locator('.cm-content#job .cm-line.selected');
  await line.waitFor();
  seen.failing = await line.textContent();
  seen.visited = [];
  for (let at = 0; at < 3; at++) {
    const was = await line.textContent();
    await page.keyboard.press('Control+Enter');
    await page.waitForFunction(
      (old) => {
        const here = document.querySelector('.cm-content#job .cm-line.selected');
        return here !== null && here.textContent !== old;
      },
      was,
    );
    seen.visited.push(await line.textContent());
  }
  await page.goto(`${base}/#/scenarios/dind-no-wait`);
  await page.locator('.verdict .say').filter({ hasText: 'Depends on timing' }).waitFor();
  await page.keyboard.press('Control+.');
  await page.locator('.verdict[data-verdict="pass"]').waitFor();
  seen.mended = await page.locator('.verdict .say').textContent();
});

seen.update = await update();
console.log(JSON.stringify({ complaints, ...seen }));

/** Two visits, and a newer page on the server: said once, with a way to load it. */
async function update() {
  let newer = false;
  const proxy = createServer((asked, answer) => {
    const to = new URL(asked.url, base);
    // The server takes requests of its own origin only.
    const { origin: _, referer: __, ...asks } = asked.headers;
    const headers = { ...asks, host: to.host, 'accept-encoding': 'identity' };
    const onward = request(to, { method: asked.method, headers }, (got) => {
      const parts = [];
      got.on('data', (part) => parts.push(part));
      got.on('end', () => {
        let body = Buffer.concat(parts);
        // Another version is a worker with another name for what it keeps.
        if (newer && to.pathname === '/worker.js') {
          body = Buffer.from(body.toString().replace(/polyarch-[0-9a-f]{16}/, `polyarch-${'0'.repeat(16)}`));
        }
        const { 'content-length': _, etag: __, ...rest } = got.headers;
        answer.writeHead(got.statusCode, { ...rest, 'content-length': body.length }).end(body);
      });
    });
    onward.on('error', () => answer.writeHead(502).end());
    asked.pipe(onward);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${proxy.address().port}/`;
  try {
    return await onPage({ viewport }, complaints, async (page) => {
      await page.goto(address);
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      await page.reload();
      await page.locator('.app:not(.picture) .verdict').waitFor();
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      const quiet = await page.locator('.notice').textContent();
      newer = true;
      await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
      const notice = page.locator('.notice').filter({ hasText: 'newer version' });
      await notice.waitFor();
      const kept = await page.evaluate(async () => {
        const end = performance.now() + 20_000;
        for (;;) {
          const keys = await caches.keys();
          if (keys.length === 1 || performance.now() > end) return keys.join();
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      });
      await Promise.all([
        page.waitForEvent('load'),
        notice.getByRole('button', { name: 'Load again' }).click(),
      ]);
      await page.locator('.app:not(.picture) .verdict').waitFor();
      return { quiet, kept, after: await page.locator('.notice').textContent() };
    });
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}
