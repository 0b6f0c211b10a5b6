// usage: node costs.mjs BASE
// Reads what a build costs, goes to each other way of building it by its button and back, and sets
// what few builds need. Prints what it saw as JSON.

import { accessibility, onPage } from './chromium.mjs';

const [base] = process.argv.slice(2);
const compiled = `FROM golang:1.26 AS build
COPY . .
RUN CGO_ENABLED=0 go build -o /app .
FROM alpine:3.22
RUN apk add tini
COPY --from=build /app /app
`;
const complaints = [];
const viewport = { width: 1280, height: 800 };
const seen = await onPage({ viewport }, complaints, async (page) => {
  await page.addInitScript(() => localStorage.setItem('polyarch.editor', 'plain'));
  await page.goto(`${base}/#/scenarios/bare-jdk`);
  await page.getByRole('link', { name: 'a bare JDK' }).waitFor();
  await page.getByRole('tab', { name: 'Dockerfile' }).click();
  const text = page.locator('textarea#dockerfile');
  await text.fill(compiled);
  const verdict = page.locator('.verdict .say');
  // What is typed is shown a moment later.
  await page.locator('.loom tbody .took').filter({ hasText: 'min' }).first().waitFor();
  const loomTook = await page.locator('.loom tbody .took').allInnerTexts();
  await page.getByRole('tab', { name: 'Costs' }).click();
  const costs = page.locator('.costs');
  const table = await costs.locator('table').first().locator('tbody tr, tfoot tr').evaluateAll(read);
  const ways = async () => Object.fromEntries(await costs.locator('[data-way]').evaluateAll(readWays));
  const before = await ways();
  const violations = await accessibility(page);
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );

  await costs.getByRole('button', { name: /Cross-compile/ }).click();
  await costs.locator('[data-way="cross-compile"] button').waitFor({ state: 'detached' });
  await verdict.filter({ hasText: 'Publishes 2 platforms.' }).waitFor();
  const crossed = { text: await text.inputValue(), verdict: await verdict.innerText(), ways: await ways() };
  await costs.getByRole('button', { name: /: Emulate/ }).click();
  await costs.locator('[data-way="emulate"] button').waitFor({ state: 'detached' });
  const emulated = await text.inputValue();
  await page.locator('.edited').getByRole('button').click();
  await costs.locator('[data-way="emulate"] button').waitFor();
  const undone = await text.inputValue();
  await costs.getByRole('button', { name: /Native runners/ }).click();
  const job = page.locator('textarea#job');
  await job.waitFor();
  const native = await job.inputValue();

  // Every switch of a job, then what a build without one can be told.
  await page.getByRole('tab', { name: 'Settings' }).click();
  const keys = await page.locator('.form label code').allInnerTexts();
  await page.getByRole('combobox', { name: /registry\.slow-upload/ }).selectOption('true');
  await page.getByRole('textbox', { name: /build\.emulation-factor/ }).fill('25');
  await page.getByRole('textbox', { name: /build\.emulation-factor/ }).blur();
  const switchViolations = await accessibility(page);
  await page.keyboard.press('Control+s');
  await page.waitForFunction(() => location.hash.startsWith('#v1.'));
  const link = await page.evaluate(() => location.hash);

  await page.goto(`${base}/#/rules`);
  // Two addresses at once are one change to the page, and this one is what it has open.
  await page.locator('main.rules').waitFor();
  await page.goto(`${base}/#/scenarios/bare-jdk`);
  await page.getByRole('link', { name: 'a bare JDK' }).waitFor();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('textbox', { name: /Further flags/ }).fill('--output=type=image,oci-mediatypes=false\n--provenance=false');
  await page.getByRole('textbox', { name: 'SOURCE_DATE_EPOCH' }).fill('7');
  await page.getByRole('textbox', { name: 'SOURCE_DATE_EPOCH' }).blur();
  const shell = page.locator('.form .command').filter({ hasText: 'SOURCE_DATE_EPOCH=7' });
  await shell.waitFor();
  const command = await shell.innerText();
  await page.getByRole('tab', { name: 'Registry' }).click();
  const types = await page.locator('.documents').innerText();
  const found = { loomTook, table, before, crossed, emulated, undone, native };
  return { ...found, keys, link, command, types, wide, violations, switchViolations };
});
console.log(JSON.stringify({ complaints, ...seen }));

/** Runs in the page: the cells of each row by what they are about. */
function read(rows) {
  return rows.map((row) => {
    const cells = [...row.querySelectorAll('[data-cost]')];
    return [row.querySelector('th').innerText, Object.fromEntries(cells.map((cell) => [cell.dataset.cost, cell.innerText]))];
  });
}

/** Runs in the page: the time of each way, and what there is to do. */
function readWays(rows) {
  return rows.map((row) => [
    row.dataset.way,
    [row.querySelector('.bar .num').innerText, row.querySelector('.act').innerText],
  ]);
}
