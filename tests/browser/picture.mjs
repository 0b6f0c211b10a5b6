// usage: node picture.mjs BASE FOLDER
// Takes the README's picture of the page, light and dark, into FOLDER.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onPage } from './chromium.mjs';

const [base, folder] = process.argv.slice(2);
const complaints = [];
for (const colorScheme of ['light', 'dark']) {
  await onPage({ viewport: { width: 1280, height: 720 }, colorScheme, locale: 'en' }, complaints, async (page) => {
    await page.goto(`${base}/#/scenarios/goarch-forgotten`);
    await page.locator('.look').waitFor();
    await page.locator('.cm-content#dockerfile').waitFor();
    await page.locator('.look summary').click();
    await page.locator('.look:not([open])').waitFor();
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    // Playwright itself writes no WebP, which is a third of a PNG here.
    const devtools = await page.context().newCDPSession(page);
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 90 });
    writeFileSync(join(folder, `playground-${colorScheme}.webp`), data, 'base64');
  });
}
console.log(JSON.stringify({ complaints }));
