// usage: node scenarios.mjs BASE NAME...
// Opens each scenario in the playground and prints, as JSON, the cells that are red in its loom;
// then what the gallery shows and finds.

import { onPage } from './chromium.mjs';

const [base, ...names] = process.argv.slice(2);
const complaints = [];
const result = await onPage({ viewport: { width: 1440, height: 900 } }, complaints, async (page) => {
  const red = {};
  for (const name of names) {
    await page.goto('about:blank');
    await page.goto(`${base}/#/scenarios/${name}`);
    await page.locator('.look').waitFor();
    red[name] = await page.locator('tbody td[data-state="fail"]').evaluateAll((cells) =>
      cells.map((cell) => ({
        column: Number(cell.id.split('-').at(-1)),
        text: cell.textContent.trim(),
      })),
    );
  }
  await page.goto(`${base}/#/scenarios`);
  const entries = page.locator('.scenarios a');
  await page.locator('.scenarios a[href$="go-cross"]').waitFor();
  const all = await entries.count();
  const ticks = await page.locator('.scenarios .tick svg').count();
  await page.getByRole('searchbox').fill('goarch forgotten');
  const found = await entries.evaluateAll((links) => links.map((link) => link.hash));
  return { red, all, ticks, found };
});
console.log(JSON.stringify({ complaints, ...result }));
