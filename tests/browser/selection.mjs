// usage: node selection.mjs BASE
// Selects a step in each view and prints, as JSON, what every other view then marks. All pairs of
// Dockerfile, loom, graph, timeline and log are gone through.

import { onPage } from './chromium.mjs';

const [base] = process.argv.slice(2);
const dockerfile = `FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build
WORKDIR /src
COPY . .
ARG TARGETOS TARGETARCH
RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app
FROM alpine:3.22
RUN apk add tini
COPY --from=build /app /app
`;
// A step for each view to begin with, so that every one of them changes what is selected.
const steps = { dockerfile: 7, loom: 5, graph: 3, timeline: 8, log: 5 };
const words = { 3: /COPY \. \./, 5: /go build -o \/app/, 7: /apk add tini/, 8: /COPY --from=build \/app \/app/ };
const complaints = [];
const viewport = { width: 1440, height: 1000 };
const seen = await onPage({ viewport }, complaints, async (page) => {
  await page.addInitScript(() => localStorage.setItem('polyarch.editor', 'plain'));
  await page.goto(`${base}/#/scenarios/bare-jdk`);
  await page.getByRole('link', { name: 'a bare JDK' }).waitFor();
  await page.getByRole('tab', { name: 'Dockerfile' }).click();
  await page.locator('textarea#dockerfile').fill(dockerfile);
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Write the file' }).click();
  await page.getByRole('tab', { name: 'Log' }).waitFor();
  const open = async (name) => {
    await page.getByRole('tab', { name, exact: true }).click();
    return page.locator('#outcome-panel');
  };
  const select = {
    async dockerfile(line) {
      await page.getByRole('tab', { name: 'Dockerfile' }).click();
      const area = page.locator('textarea#dockerfile');
      await area.focus();
      await page.keyboard.press('Control+Home');
      for (let at = 1; at < line; at++) await page.keyboard.press('ArrowDown');
    },
    async loom(line) {
      const loom = await open('Loom');
      await loom.locator(`#cell-${line}-1, #cell-${line}-0`).last().click();
    },
    async graph(line) {
      const graph = await open('Graph');
      await graph.getByRole('button', { name: words[line] }).first().click();
    },
    async timeline(line) {
      const timeline = await open('Timeline');
      await timeline.locator('li.inner button').filter({ has: page.locator('code').filter({ hasText: words[line] }) }).first().click();
    },
    async log(line) {
      const log = await open('Log');
      await log.locator('button').filter({ hasText: words[line] }).first().click();
    },
  };
  const marked = {
    async dockerfile() {
      await page.getByRole('tab', { name: 'Dockerfile' }).click();
      return page.locator('li.selected[id^="line-"] .src').innerText();
    },
    async loom() {
      return (await open('Loom')).locator('tr[aria-selected="true"] th .ln').innerText();
    },
    async graph() {
      return (await open('Graph')).locator('.vertex[aria-pressed="true"]').getAttribute('title');
    },
    async timeline() {
      return (await open('Timeline')).locator('li.inner [aria-current="step"]').getAttribute('title');
    },
    async log() {
      return (await open('Log')).locator('button.marked').first().innerText();
    },
    async explained() {
      await open('Loom');
      return page.locator('.inspect h2').innerText();
    },
  };
  const all = [];
  for (const [from, line] of Object.entries(steps)) {
    await select[from](line);
    // What is selected is shown a frame later.
    const number = (await open('Loom')).locator('tr[aria-selected="true"] th .ln');
    await number.filter({ hasText: new RegExp(`^\\s*${line}\\s*$`) }).waitFor();
    for (const [to, read] of Object.entries(marked)) all.push({ from, line, to, says: await read() });
  }

  // A platform's cell of the last row explains the platform.
  await (await open('Loom')).locator('tfoot td').nth(1).click();
  const platform = await page.locator('.inspect').innerText();
  return { all, platform };
});
console.log(JSON.stringify({ complaints, ...seen }));
