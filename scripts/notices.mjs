// usage: node scripts/notices.mjs > FILE
// The licences of all that is linked into the program and the page, as their authors wrote them:
// each text once, after the names of those that bring it. Where an archive holds no text, its
// expression stands for it.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crates, packages } from './inventory.mjs';

const IS_LICENCE = /^(licen[cs]e|copying|copyright|notice|unlicense)/i;

const holders = new Map();
for (const one of [...crates(), ...packages()]) {
  if (one.isOwn || one.parts.length === 0) continue;
  const name = `${one.name} ${one.version} (${one.licence})`;
  for (const text of texts(one.folder)) holders.set(text, [...(holders.get(text) ?? []), name]);
}
const line = '-'.repeat(80);
const parts = [...holders].map(([text, names]) => `${line}\n${names.join('\n')}\n${line}\n${text}`);
process.stdout.write(`What others wrote and polyarch contains, with their licences.\n\n${parts.join('\n')}`);

function texts(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((one) => one.isFile() && IS_LICENCE.test(one.name));
  const found = files.map(({ name }) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim());
  return found.length > 0 ? found.sort().map((text) => `\n${text}\n`) : ['\n(no text in the archive)\n'];
}
