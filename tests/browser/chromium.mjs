// Debian's Chromium for the browser tests: offline flags, and what went wrong on the page.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs `work(page)` on a fresh page and returns its result; `complaints` collects errors. */
export async function onPage(options, complaints, work) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // Root, as CI is, cannot have Chromium's sandbox.
    chromiumSandbox: process.getuid() !== 0,
    args: FLAGS,
  });
  try {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(20000);
    page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      // A demo image that lacks a document answers 404, and the browser logs it by itself.
      const status = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !status) complaints.push(`console: ${message.text()}`);
    });
    return await work(page);
  } catch (error) {
    console.error(complaints.join('\n'));
    throw error;
  } finally {
    await browser.close();
  }
}

/** What axe-core finds against WCAG 2.1 A and AA, as `rule: element`. */
export async function accessibility(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}`));
}
