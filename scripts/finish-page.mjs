// usage: node scripts/finish-page.mjs DIST
// Turns what Trunk built into what is served: bundled and minified scripts without any inline one,
// one style sheet, the editor's chunk, and each file compressed beside itself.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transformSync } from 'esbuild';

const dist = process.argv[2];
const js = (name) => resolve('frontend/js', name);
const read = (name) => readFileSync(join(dist, name));
const target = ['chrome111', 'firefox113', 'safari16.4'];

const find = (pattern) => readdirSync(dist).find((name) => pattern.test(name));
const glue = find(/^polyarch-frontend-[0-9a-f]+\.js$/);
const wasm = find(/^polyarch-frontend-[0-9a-f]+_bg\.wasm$/);
let html = read('index.html').toString();

const packages = new Set();
const editor = write('editor', 'js', await bundle(js('editor.js'), { 'style-mod': js('style-mod.js') }));
writeFileSync(join(dist, 'licences.txt'), licences());
const start = write('start', 'js', await bundle(js('start.js'), { glue: resolve(dist, glue) }, {
  WASM: JSON.stringify(`./${wasm}`),
  EDITOR: JSON.stringify(`./${editor}`),
  WORKER: JSON.stringify('./worker.js'),
}));
const first = write('first', 'js', await bundle(js('first.js'), {}, {}, 'iife'));
const sheets = [...html.matchAll(/<link rel="stylesheet" href="\.\/([^"]+)"[^>]*>/g)];
const css = sheets.map(([, name]) => read(name).toString()).join('\n');
const style = write('style', 'css', transformSync(css, { loader: 'css', minify: true, target }).code);

for (const [tag] of sheets) html = html.replace(tag, '');
html = html
  .replace(/\s*<script type="module">[\s\S]*?<\/script>/, '')
  .replace(/<link rel="(modulepreload|preload)"[^>]*>/g, '')
  .replace('</title>', `</title>
    <script src="./${first}"></script>
    <link rel="stylesheet" href="./${style}">
    <script type="module" src="./${start}"></script>
    <link rel="preload" href="./${wasm}" as="fetch" type="application/wasm" crossorigin="anonymous">`)
  .replace(/\n\s*\n/g, '\n');
writeFileSync(join(dist, 'index.html'), html);
for (const name of [glue, ...sheets.map(([, name]) => name)]) rmSync(join(dist, name));

const kept = readdirSync(dist).filter((name) => /\.(js|css|wasm|txt)$/.test(name)).sort();
const version = createHash('sha256').update(html).update(kept.join()).update(read('scenarios.txt')).digest('hex').slice(0, 16);
writeFileSync(join(dist, 'worker.js'), await bundle(js('worker.js'), {}, {
  VERSION: JSON.stringify(version),
  FILES: JSON.stringify(['./', ...kept.map((name) => `./${name}`)]),
}, 'iife'));

for (const name of readdirSync(dist)) {
  if (/\.(br|gz|png)$/.test(name)) continue;
  const bytes = read(name);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes, { params }));
  writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}

/** One script of a module and all that it imports. */
async function bundle(entry, alias, define = {}, format = 'esm') {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format,
    target,
    alias,
    define,
    // Their texts stand in licences.txt, where they are complete.
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
    write: false,
  });
  for (const path of Object.keys(result.metafile.inputs)) {
    const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    if (name) packages.add(name);
  }
  return result.outputFiles[0].text;
}

/** The licences of what the scripts were bundled from. */
function licences() {
  const licence = (name) => `${name}\n\n${readFileSync(join('node_modules', name, 'LICENSE'))}`;
  return [...packages].sort().map(licence).join('\n\n');
}

/** Writes a file under a name with the hash of its content, which servers may keep for good. */
function write(name, ending, text) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const file = `${name}-${hash}.${ending}`;
  writeFileSync(join(dist, file), text);
  return file;
}
