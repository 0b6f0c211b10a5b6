// usage: node verdicts.mjs BASE REFERENCE...
// Verifies each reference in the page and prints, as JSON, what the page says of it.

import { onPage } from './chromium.mjs';

const [base, ...references] = process.argv.slice(2);
const complaints = [];
const viewport = { width: 1440, height: 900 };
const results = await onPage({ viewport }, complaints, async (page) => {
  const seen = [];
  for (const reference of references) {
    await page.goto('about:blank');
    await page.goto(`${base}/#/verify?ref=${encodeURIComponent(reference)}`);
    const report = page.locator('[data-report]');
    await report.waitFor();
    seen.push({
      reference,
      verdict: await report.getAttribute('data-report'),
      findings: await report.locator('article.finding').evaluateAll((articles) =>
        articles.map((article) => ({
          rule: article.querySelector('.where a').textContent,
          message: article.querySelector('h3').lastChild.parentNode.innerText,
        })),
      ),
    });
  }
  return seen;
});
console.log(JSON.stringify({ complaints, results }));
