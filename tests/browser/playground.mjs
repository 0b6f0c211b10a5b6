// usage: node playground.mjs BASE SHOTS
// Uses the playground as a person would, at four sizes and themes; prints what it saw as JSON.

import { join } from 'node:path';
import { accessibility, onPage } from './chromium.mjs';

const [base, shots] = process.argv.slice(2);
const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const dockerfile = 'FROM alpine:3.22\nARG TARGETARCH\nRUN echo $TARGETARCH > /cpu\n';

const seen = [];
for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark']) {
    const complaints = [];
    const result = await onPage({ viewport, colorScheme }, complaints, async (page) => {
      // A first visit shows a job that writes its own Dockerfile; this one is for typing.
      await page.goto(`${base}/#/scenarios/bare-jdk`);
      await page.getByRole('link', { name: 'a bare JDK' }).waitFor();
      await showPane(page, 'Compose');
      await page.locator('.cm-content#dockerfile').fill(dockerfile);
      await showPane(page, 'Outcome');
      const columns = page.getByRole('columnheader');
      await columns.filter({ hasText: 'arm64' }).first().waitFor({ state: 'attached' });
      await page.screenshot({ path: join(shots, `playground-${size}-${colorScheme}.png`) });
      return {
        columns: await columns.allTextContents(),
        verdict: await page.locator('[data-verdict]').first().getAttribute('data-verdict'),
        overflow: await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
        violations: await accessibility(page),
      };
    });
    seen.push({ size, colorScheme, complaints, ...result });
  }
}
console.log(JSON.stringify(seen));

/** On a phone one pane is shown at a time, and buttons at the bottom choose which. */
async function showPane(page, name) {
  const panes = page.getByRole('navigation', { name: 'Panes' });
  const button = panes.getByRole('button', { name });
  if (await button.isVisible()) await button.click();
}
