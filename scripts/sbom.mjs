// usage: node scripts/sbom.mjs VERSION SECONDS DEBIAN > FILE
// The bill of materials of a release, CycloneDX 1.6: each locked crate and npm package, and the
// Debian packages that the image holds, which the file DEBIAN names with version and licence.
// What is linked into the program or the page is `required`, what builds or tests it `excluded`.

import { readFileSync } from 'node:fs';
import { crates, packages } from './inventory.mjs';

const [version, seconds, debian] = process.argv.slice(2);
const ecosystems = [crates().map(crate), packages().map(npm)];
const root = { type: 'application', 'bom-ref': 'polyarch', name: 'polyarch', version, ...licence('MIT OR Apache-2.0') };
const image = readFileSync(debian, 'utf8').trim().split('\n').map(fromDebian);
const listed = [...ecosystems.flat(), ...image];
const isDirect = ({ component }) => component['bom-ref'].startsWith('pkg:cargo/polyarch') || component.purl?.startsWith('pkg:deb/');

const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: {
    timestamp: new Date(seconds * 1000).toISOString().replace('.000', ''),
    component: root,
  },
  components: listed.map(({ component }) => component),
  dependencies: [
    { ref: 'polyarch', dependsOn: listed.filter(isDirect).map(({ component }) => component['bom-ref']) },
    ...listed.map(({ component, dependsOn }) => ({ ref: component['bom-ref'], dependsOn })),
  ],
};
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);

function crate({ name, version, licence: expression, checksum, isOwn, parts, dependsOn }) {
  const reference = (key) => `pkg:cargo/${key.replace(' ', '@')}`;
  const component = {
    type: 'library',
    'bom-ref': reference(`${name} ${version}`),
    name,
    version,
    scope: parts.length > 0 ? 'required' : 'excluded',
    ...(checksum && { hashes: [{ alg: 'SHA-256', content: checksum }] }),
    ...licence(expression),
    // Ours are in no registry.
    ...(!isOwn && { purl: reference(`${name} ${version}`) }),
    ...within(parts),
  };
  return { component, dependsOn: dependsOn.map(reference) };
}

function npm({ name, version, licence: expression, integrity, parts, dependsOn }) {
  const reference = (key) => `pkg:npm/${key.replace('@', '%40').replace(' ', '@')}`;
  const [algorithm, content] = integrity.split('-');
  const component = {
    type: 'library',
    'bom-ref': reference(`${name} ${version}`),
    name,
    version,
    scope: parts.length > 0 ? 'required' : 'excluded',
    hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(content, 'base64').toString('hex') }],
    ...licence(expression),
    purl: reference(`${name} ${version}`),
    ...within(parts),
  };
  return { component, dependsOn: dependsOn.map(reference) };
}

/** A line `busybox-static 1:1.35.0-4 amd64 GPL-2.0-only`. */
function fromDebian(line) {
  const [name, version, architecture, expression] = line.split(' ');
  const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`;
  const component = {
    type: 'application',
    'bom-ref': purl,
    name,
    version,
    scope: 'required',
    ...licence(expression),
    purl,
    ...within(['image']),
  };
  return { component, dependsOn: [] };
}

/** Some crates still write `MIT/Apache-2.0`, which is no expression of SPDX. */
function licence(expression) {
  return expression && { licenses: [{ expression: expression.replaceAll('/', ' OR ') }] };
}

/** Which parts of the release hold it. */
function within(parts) {
  return parts.length > 0 && { properties: parts.map((value) => ({ name: 'polyarch:part', value })) };
}
