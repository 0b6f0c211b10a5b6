// usage: node views.mjs BASE ARCHIVE
// Opens every view of the outcome as a person would, in both themes and at two sizes; prints what
// it saw as JSON.

import { accessibility, onPage } from './chromium.mjs';

const [base, archive] = process.argv.slice(2);
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 780 } };
const dockerfile = `FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
WORKDIR /src
COPY . .
ARG TARGETOS TARGETARCH
RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app
FROM alpine:3.22
RUN apk add tini
COPY --from=build /app /app
ADD https://example.org/jq-linux-amd64 /bin/jq
`;

const seen = [];
for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark']) {
    const complaints = [];
    const result = await onPage({ viewport, colorScheme }, complaints, async (page) => {
      const violations = [];
      const check = async (where) => {
        for (const found of await accessibility(page)) violations.push(`${where}: ${found}`);
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (over > 0) violations.push(`${where}: the page scrolls sideways`);
      };
      await page.addInitScript(() => localStorage.setItem('polyarch.editor', 'plain'));
      await page.goto(`${base}/#/scenarios/bare-jdk`);
      await page.getByRole('link', { name: 'a bare JDK' }).waitFor();
      await write(page, dockerfile);
      const open = async (name) => {
        await page.getByRole('tab', { name }).click();
        return page.locator('#outcome-panel');
      };

      const content = await (await open('Content')).locator('[data-kind="wrong"]').innerText();
      await check('content');

      const registry = await open('Registry');
      const pulls = {};
      for (const row of await registry.locator('.who tbody').all()) {
        pulls[(await row.locator('th').innerText()).split(/\s+linux|\s+windows/)[0].trim()] =
          await row.getAttribute('data-pull');
      }
      const says = await registry.locator('.who .tooltext').first().innerText();
      await registry.locator('.documents button').first().click();
      await registry.locator('.json button.digest').first().click();
      const opened = await registry.locator('.exact h2').innerText();
      await check('registry');

      const timeline = await open('Timeline');
      const bars = await timeline.locator('.timeline li').count();
      await timeline.getByRole('button', { name: /apk add tini/ }).first().click();
      const selected = await timeline.locator('[aria-current="step"]').count();
      await check('timeline');

      const graph = await open('Graph');
      const pressed = await graph.locator('.vertex[aria-pressed="true"]').innerText();
      await graph.locator('.vertex[tabindex="0"]').focus();
      await page.keyboard.press('ArrowDown');
      const moved = await graph.locator('.vertex[aria-pressed="true"]').innerText();
      await check('graph');

      const loom = await open('Loom');
      const row = await loom.locator('tr[aria-selected="true"] th').innerText();
      const explained = await page.locator('.inspect h2').innerText();
      const box = await page.locator('.inspect h2').boundingBox();
      const inSight = box !== null && box.y + box.height <= viewport.height;

      const compare = await open('Compare');
      await compare.getByRole('button', { name: 'Keep this state' }).click();
      const before = await compare.innerText();
      await write(page, dockerfile.replace('jq-linux-amd64', 'jq-linux-arm64'));
      await open('Compare');
      const aspects = await compare
        .locator('[data-aspect]')
        .evaluateAll((all) => all.map((one) => one.dataset.aspect));
      await check('compare');

      await page.goto(`${base}/#/verify`);
      await page.locator('input[type=file]').setInputFiles(archive);
      await page.locator('[data-report]').waitFor();
      const verified = {
        report: await page.locator('[data-report]').getAttribute('data-report'),
        ticks: await page.locator('.tree .tick').count(),
        said: await page.locator('.verdict .say').innerText(),
      };
      await check('archive');
      const graphed = { pressed, moved, row, explained, inSight };
      const compared = { nothing: before.includes('Nothing differs'), aspects };
      const listed = { content, pulls, says, opened, bars, selected };
      return { ...listed, ...graphed, ...compared, verified, violations };
    });
    seen.push({ size, colorScheme, complaints, ...result });
  }
}
console.log(JSON.stringify(seen));

/** Replaces the Dockerfile; on a phone the panes stand behind buttons. */
async function write(page, text) {
  await pane(page, 'Compose');
  await page.getByRole('tab', { name: 'Dockerfile' }).click();
  await page.locator('textarea#dockerfile').fill(text);
  await pane(page, 'Outcome');
}

async function pane(page, name) {
  const button = page.locator('.bottom').getByRole('button', { name });
  if (await button.isVisible()) await button.click();
}
