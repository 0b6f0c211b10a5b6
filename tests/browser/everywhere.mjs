// usage: node everywhere.mjs BASE
// Every view in both themes, wide, narrow and zoomed to 200 %: what axe-core finds, and whether the
// page scrolls sideways. Prints as JSON which views were looked at and what is wrong.

import { accessibility, onPage } from './chromium.mjs';

const [base] = process.argv.slice(2);
const host = new URL(base).host;
const sizes = {
  1600: { viewport: { width: 1600, height: 1000 } },
  1280: { viewport: { width: 1280, height: 800 } },
  768: { viewport: { width: 768, height: 1024 } },
  360: { viewport: { width: 360, height: 740 } },
  // What 1280 × 800 leaves for the page at twice the size.
  'zoom 200 %': { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
};
const themes = { 1600: ['dark'], 768: ['light'], 'zoom 200 %': ['dark'] };
const lessons = ['one-name', 'who-pulls-what', 'once', 'cross', 'inside', 'builder', 'push', 'gate'];
const addresses = [
  '', 'scenarios', 'rules', 'rules/platform-missing', 'verify', 'nowhere',
  `verify?ref=${host}/demo:good&platform=`, `verify?ref=${host}/demo:wrong-label&platform=`,
  ...lessons.map((name) => `learn/${name}/see`), `learn/${lessons[0]}`,
];

const problems = [];
const looked = new Set();
for (const [size, options] of Object.entries(sizes)) {
  // Contrast is the theme's, all else the width's: the other widths take one theme.
  for (const colorScheme of themes[size] ?? ['light', 'dark']) {
    const complaints = [];
    await onPage({ ...options, colorScheme }, complaints, async (page) => {
      const look = async (what) => {
        looked.add(what);
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        const found = await accessibility(page);
        if (over > 0) found.push(`scrolls sideways by ${over} px`);
        for (const one of found) problems.push(`${size} ${colorScheme} ${what}: ${one}`);
      };
      for (const address of addresses) {
        await page.goto('about:blank');
        await page.goto(`${base}/#/${address}`);
        await page.locator('.app:not(.picture) main').waitFor();
        if (address.startsWith('learn')) await page.locator('.lesson').waitFor({ state: 'attached' });
        if (address.startsWith('verify?')) await page.locator('[data-report]').waitFor({ state: 'attached' });
        if (address === 'scenarios') await page.locator('.scenarios a').nth(20).waitFor();
        await look(`#/${address.replace(host, 'HOST')}`);
      }
      for (const scenario of ['go-cross', 'job-ecr']) {
        await page.goto(`${base}/#/scenarios/${scenario}`);
        await page.locator('.look').waitFor({ state: 'attached' });
        for (const pane of ['outcome', 'compose']) {
          await show(page, pane);
          const tabs = page.locator(`.${pane} [role=tab]`);
          for (let at = 0; at < (await tabs.count()); at++) {
            await tabs.nth(at).click();
            await look(`${scenario}, ${pane} ${at}`);
          }
        }
        await show(page, 'outcome');
      }
      for (const id of ['break-it', 'share']) {
        await page.locator(`#${id}`).click();
        await look(id);
        await page.keyboard.press('Escape');
      }
      for (const [key, what] of [['?', 'sheet'], ['Control+k', 'palette']]) {
        await page.keyboard.press(key);
        await page.locator(`.${what}`).waitFor();
        await look(what);
        await page.keyboard.press('Escape');
      }
    });
    for (const one of complaints) problems.push(`${size} ${colorScheme}: ${one}`);
  }
}
console.log(JSON.stringify({ looked: looked.size, problems }));

/** On a phone one pane is shown at a time. */
async function show(page, pane) {
  const button = page.locator('.bottom button').nth(pane === 'compose' ? 0 : 1);
  if (await button.isVisible()) await button.click();
}
