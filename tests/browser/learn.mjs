// usage: node learn.mjs BASE LESSONS SHOTS
// Walks the guided path by the keyboard alone: guesses, looks, and types each lesson's recorded
// solution. LESSONS is a JSON file; what was seen is printed as JSON.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessibility, onPage } from './chromium.mjs';

const [base, lessonsFile, shots] = process.argv.slice(2);
const lessons = JSON.parse(readFileSync(lessonsFile, 'utf8'));
const seen = [];
for (const [colorScheme, locale, width, height] of [
  ['light', 'en', 1280, 800],
  ['dark', 'zh-CN', 1440, 900],
]) {
  const complaints = [];
  const viewport = { width, height };
  const walked = await onPage({ viewport, colorScheme, locale }, complaints, async (page) => {
    // A plain text field takes a whole text at once; the page's own editor has tests of its own.
    await page.addInitScript(() => localStorage.setItem('polyarch.editor', 'plain'));
    const walked = [];
    for (const lesson of lessons) walked.push(await walk(page, lesson, colorScheme));
    return walked;
  });
  seen.push({ colorScheme, complaints, walked });
}
console.log(JSON.stringify({ seen, deep: await byLink(), narrow: await narrow() }));

/** One lesson from its first word to its last goal. */
async function walk(page, lesson, colorScheme) {
  await page.goto(`${base}/#/learn/${lesson.name}`);
  await page.locator('#lesson-title').waitFor();
  const before = {
    hidden: await page.locator('.live [data-verdict="none"]').count(),
    outcome: await page.locator('.goal').count(),
    violations: await accessibility(page),
  };
  await page.screenshot({ path: join(shots, `lesson-${lesson.number}-${colorScheme}.png`) });
  await byKeyboard(page, lesson);
  await page.locator('.reached').waitFor();
  const unmet = await page.locator('.goal li:not(.met)').allTextContents();
  const after = await accessibility(page);
  await page.screenshot({ path: join(shots, `lesson-${lesson.number}-${colorScheme}-done.png`) });
  const done = await page.locator('.path .now.done').count();
  return { name: lesson.name, before, unmet, done, violations: after };
}

/** No mouse: Tab to the question, arrows to the answer, Enter; then the keys of each way to change
 * the build: P for a platform, F6 and the text, or Tab through the settings. */
async function byKeyboard(page, lesson) {
  await tabTo(page, '[name=guess]');
  await page.keyboard.press('Space');
  for (let at = 0; at < lesson.answer; at += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.goal').waitFor();
  // What came to light gets the focus, a frame after it is there, outside of any text to write in.
  await focusAt(page, 'see');
  if (lesson.number === 1) await page.keyboard.press('p');
  else if (lesson.job !== null) await retype(page, lesson.job);
  else if (lesson.retyped) await retype(page, lesson.dockerfile);
  else await choosePlatforms(page, lesson.platforms);
}

/** F6 leads into the text of the open tab. */
async function retype(page, text) {
  await page.keyboard.press('F6');
  await page.locator('.live textarea:focus').waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

/** In the settings, as the solution has them. */
async function choosePlatforms(page, wanted) {
  await tabTo(page, '.compose [role=tab]');
  await page.keyboard.press('End');
  const chips = page.locator('.live .chips li');
  const there = await chips.locator('code').allTextContents();
  for (const platform of there.filter((one) => !wanted.includes(one))) {
    await tabTo(page, '.chips button', platform);
    await page.keyboard.press('Enter');
    await chips.filter({ hasText: platform }).waitFor({ state: 'detached' });
  }
  for (const platform of wanted.filter((one) => !there.includes(one))) {
    await tabTo(page, '#new-platform');
    await page.keyboard.insertText(platform);
    await page.keyboard.press('Enter');
    await chips.filter({ hasText: platform }).waitFor();
  }
}

/** Presses Tab until such an element has the focus, one whose name has the text. */
async function tabTo(page, selector, text = '') {
  const there = () =>
    page.evaluate(
      ([wanted, text]) => {
        const here = document.activeElement;
        return here?.matches(wanted) && (here.getAttribute('aria-label') ?? '').includes(text);
      },
      [selector, text],
    );
  for (let at = 0; at < 150; at += 1) {
    if (await there()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab leads to no ${selector} ${text}`);
}

/** Waits until the element has the focus, and says in vain where it is instead. */
async function focusAt(page, id) {
  const there = await page
    .waitForFunction((wanted) => document.activeElement?.id === wanted, id, { timeout: 10_000 })
    .catch(() => null);
  const where = await page.evaluate(() => document.activeElement?.id);
  if (there === null) throw new Error(`the focus is at '${where}', not at '${id}'`);
  return where;
}

/** A teacher's link to a step: shown without a guess, and the step has the focus. */
async function byLink() {
  return onPage({ viewport: { width: 1280, height: 800 } }, [], async (page) => {
    await page.goto(`${base}/#/learn/push/change`);
    await page.locator('.goal').waitFor();
    return {
      focus: await focusAt(page, 'change'),
      verdict: await page.locator('.live .say').textContent(),
      first: await page.locator('.goal li').first().getAttribute('class'),
    };
  });
}

/** Gallery and lesson at the other sizes: nothing scrolls sideways. */
async function narrow() {
  const out = [];
  for (const [width, height] of [[768, 1024], [360, 740]]) {
    for (const colorScheme of ['light', 'dark']) {
      const complaints = [];
      await onPage({ viewport: { width, height }, colorScheme }, complaints, async (page) => {
        await page.addInitScript(() => localStorage.setItem('polyarch.editor', 'plain'));
        for (const [name, address] of [['gallery', 'scenarios'], ['lesson', 'learn/cross/see']]) {
          await page.goto(`${base}/#/${address}`);
          await page.locator('.scenarios, .lesson').first().waitFor();
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`) });
          out.push({ name, width, colorScheme, overflow, violations: await accessibility(page) });
        }
      });
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
    }
  }
  return out;
}
