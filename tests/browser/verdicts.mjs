// usage: node verdicts.mjs BASE REFERENCE...
// Verifies each reference in the page and prints, as JSON, what the page says of it.

import { onPage } from './chromium.mjs';

const [base, ...references] = process.argv.slice(2);
const complaints = [];
const viewport = { width: 1440, height: 900 };
const results = await onPage({ viewport }, complaints, async (page) => {
  const seen = [];
  for (const reference of references) {
    // A page of its own for each: nothing is left of the one before.
    await page.goto('about:blank');
    await page.goto(`${base}/#/verify?ref=${encodeURIComponent(reference)}`);
    // Requests and bytes are shown only when a verification is over.
    await page.locator('.verdict .facts').waitFor().catch((error) => {
      throw new Error(`${reference} is never over`, { cause: error });
    });
    seen.push({
      reference,
      verdict: await page.locator('.verdict .say b').textContent(),
      findings: await page.locator('article.finding').evaluateAll(read),
    });
  }
  return seen;
});
console.log(JSON.stringify({ complaints, results }));

/** Runs in the page: rule and text of each finding. */
function read(articles) {
  return articles.map((article) => ({
    rule: article.querySelector('.where a').textContent,
    message: article.querySelector('h3').textContent.trim(),
  }));
}
