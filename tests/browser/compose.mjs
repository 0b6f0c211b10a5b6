// usage: node compose.mjs BASE SHOTS
// Composes as a person would: editor, fixes, mistakes, palette, CI form, exports; and what happens
// without a network, without the editor's chunk, and after a panic. Prints what it saw as JSON.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessibility, onPage } from './chromium.mjs';

const [base, shots] = process.argv.slice(2);
const complaints = [];
const viewport = { width: 1280, height: 800 };
const clipboard = { permissions: ['clipboard-read', 'clipboard-write'], acceptDownloads: true };
const forgotten =
  'FROM --platform=$BUILDPLATFORM golang:1.26-alpine AS build\nCOPY . .\n' +
  'RUN CGO_ENABLED=0 go build -o /out/app ./cmd/app\n\nFROM alpine:3.24\n' +
  'COPY --from=build /out/app /usr/local/bin/app\n';
const seen = {};

await onPage({ viewport, ...clipboard }, complaints, async (page) => {
  await page.goto(base);
  await page.getByRole('tab', { name: 'CI job' }).click();
  const job = page.locator('.cm-content#job');
  await job.waitFor();

  // Break it: an edit in the job, its outcome, its undo.
  const before = await text(job);
  const verdict = page.locator('.verdict .say');
  await page.getByRole('button', { name: 'Break it' }).click();
  seen.mistakes = await page.locator('[data-menu="break-it"] li button').count();
  seen.impossible = await page.locator('[data-menu="break-it"] li button[disabled]').count();
  seen.menuViolations = await accessibility(page);
  await page.screenshot({ path: join(shots, 'break-it.png') });
  await page.getByRole('button', { name: 'Do not wait for the Docker service' }).click();
  seen.broken = await verdict.textContent();
  seen.brokenText = (await text(job)) !== before;
  await page.screenshot({ path: join(shots, 'broken.png') });
  await job.click();
  await page.keyboard.press('Control+z');
  seen.undoneByEditor = (await text(job)) === before;
  seen.mended = await verdict.textContent();

  // The form writes the file and follows it.
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('combobox', { name: /^Service/ }).selectOption('github');
  await page.getByRole('combobox', { name: /^Registry/ }).selectOption('ghcr');
  await page.getByLabel('Keep a build cache').check();
  seen.formViolations = await accessibility(page);
  await page.screenshot({ path: join(shots, 'ci-form.png') });
  await page.getByRole('tab', { name: 'CI job' }).click();
  seen.written = await text(job);

  // Colours, proposals, and the fix at a finding, all by keyboard.
  await page.goto(`${base}/#/scenarios/bare-jdk`);
  await page.getByRole('link', { name: 'a bare JDK' }).waitFor();
  await page.getByRole('tab', { name: 'Dockerfile' }).click();
  const editor = page.locator('.cm-content#dockerfile');
  await editor.fill(forgotten);
  await editor.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('ent');
  await page.locator('.cm-tooltip-autocomplete').waitFor();
  seen.proposed = await page.locator('.cm-tooltip-autocomplete li').allTextContents();
  seen.editorViolations = await accessibility(page);
  await page.screenshot({ path: join(shots, 'proposals.png') });
  await page.keyboard.press('Escape');
  for (let at = 0; at < 3; at++) await page.keyboard.press('Backspace');
  seen.colours = await page.locator('.cm-line .v').allTextContents();
  seen.underlined = await page.locator('.cm-lintRange-error').count();
  await page.keyboard.press('Control+.');
  seen.fixed = (await text(editor)).includes('GOARCH=$TARGETARCH');
  await page.keyboard.press('Control+z');
  seen.unfixed = !(await text(editor)).includes('GOARCH=$TARGETARCH');

  // Tab leaves the editor, until the user wants it to indent.
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Tab');
  seen.tabLeaves = !(await editor.evaluate((element) => element.contains(document.activeElement)));
  await command(page, 'Let Tab indent');
  await editor.click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Tab');
  seen.tabIndents = /^\s/.test(await text(editor));

  // Keys of the page, from within the editor too.
  await page.keyboard.press('Alt+2');
  seen.view = await page.locator('#outcome-tab-1').getAttribute('aria-selected');
  await page.keyboard.press('Control+k');
  seen.palette = await page.locator('#commands [role="option"]').count();
  seen.paletteViolations = await accessibility(page);
  await page.screenshot({ path: join(shots, 'palette.png') });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+s');
  await page.locator('.notice').filter({ hasText: 'Link copied' }).waitFor();
  seen.link = await page.evaluate(() => navigator.clipboard.readText());

  await command(page, 'Copy as Markdown');
  await page.locator('.notice').filter({ hasText: 'Markdown' }).waitFor();
  seen.markdown = await page.evaluate(() => navigator.clipboard.readText());
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    command(page, 'Download as zip'),
  ]);
  seen.zip = readFileSync(await download.path()).subarray(0, 4).toString('latin1');

  // A secret goes into no link.
  await editor.fill('FROM alpine:3.24\nENV T=ghp_0123456789abcdefghijklmnopqrstuvwxyz\n');
  await page.keyboard.press('Control+s');
  await page.locator('.notice').filter({ hasText: 'credential' }).waitFor();
  seen.refused = await page.locator('.notice').textContent();

  // The plain editor, as the user's choice.
  await command(page, 'Use the plain editor');
  seen.plain = await page.locator('textarea#dockerfile').inputValue();
});

// Without the chunk the textarea stays, and works.
await onPage({ viewport, serviceWorkers: 'block' }, [], async (page) => {
  await page.route(/\/editor-[0-9a-f]+\.js/, (route) => route.abort());
  await page.goto(`${base}/#/scenarios/bare-jdk`);
  await page.getByRole('link', { name: 'a bare JDK' }).waitFor();
  await page.locator('textarea#dockerfile').fill('FROM alpine:3.24\n');
  seen.withoutChunk = await page.locator('.verdict .say').textContent();
});

// A second visit without a network.
await onPage({ viewport }, complaints, async (page) => {
  await page.goto(base);
  await page.locator('.verdict .say').waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole('tab', { name: 'CI job' }).click();
  await page.locator('.cm-content#job').waitFor();
  seen.offline = await page.locator('.verdict .say').textContent();
});

// After a panic: what happened, the text, and a link that reproduces it.
await onPage({ viewport }, [], async (page) => {
  await page.goto(`${base}/#/scenarios/bare-jdk`);
  await page.getByRole('link', { name: 'a bare JDK' }).waitFor();
  await page.getByRole('tab', { name: 'Dockerfile' }).click();
  await page.locator('.cm-content#dockerfile').fill('FROM alpine:3.24\nLABEL kept=yes\n');
  await page.waitForFunction(() => localStorage.getItem('polyarch.project'));
  await page.goto(`${base}/?panic`);
  const crash = page.locator('.crash');
  await crash.waitFor();
  seen.crash = await crash.textContent();
  await crash.getByRole('link', { name: 'A link that reproduces it' }).click();
  await page.getByRole('tab', { name: 'Dockerfile' }).click();
  seen.reproduced = await text(page.locator('.cm-content#dockerfile'));
});
console.log(JSON.stringify({ complaints, ...seen }));

/** Runs a command of the palette by its name. */
async function command(page, name) {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Commands' }).fill(name);
  await page.keyboard.press('Enter');
}

/** The editor's text: its lines are elements of their own. */
async function text(editor) {
  await editor.waitFor();
  const lines = await editor.locator('.cm-line').allTextContents();
  return lines.join('\n');
}
