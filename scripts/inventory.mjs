// What a release is made of: every crate that Cargo.lock names and every package that
// package-lock.json names, and into which of its parts each one goes.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The packages from which a part is linked, and for which targets. */
const PARTS = {
  program: ['polyarch', ['x86_64-unknown-linux-gnu', 'aarch64-unknown-linux-gnu']],
  page: ['polyarch-frontend', ['wasm32-unknown-unknown']],
};

/**
 * The crates, ours included, by name and version:
 * `{ name, version, licence, checksum, folder, parts, dependsOn }`. `parts` is empty for what only
 * builds or tests; `checksum` and `folder` are undefined where there is none on this machine.
 */
export function crates() {
  const { packages, resolve, workspace_members: members } = metadata([]);
  const checksums = lockedChecksums();
  const own = new Set(members);
  const parts = new Map();
  for (const [part, [root, targets]] of Object.entries(PARTS)) {
    for (const target of targets) {
      for (const id of linked(root, target)) parts.set(id, new Set(parts.get(id)).add(part));
    }
  }
  const known = new Map(packages.map((one) => [one.id, one]));
  const key = ({ name, version }) => `${name} ${version}`;
  return resolve.nodes
    .map((node) => {
      const one = known.get(node.id);
      return {
        name: one.name,
        version: one.version,
        licence: one.license ?? undefined,
        checksum: checksums.get(key(one)),
        folder: dirname(one.manifest_path),
        isOwn: own.has(node.id),
        parts: [...(parts.get(node.id) ?? [])].sort(),
        dependsOn: node.dependencies.map((id) => key(known.get(id))).sort(),
      };
    })
    .sort(byKey);
}

/** The packages from npm: `{ name, version, licence, integrity, folder, parts, dependsOn }`. */
export function packages() {
  const { packages: locked } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const named = Object.entries(locked).filter(([path]) => path !== '');
  return named
    .map(([path, one]) => ({
      name: path.split('node_modules/').pop(),
      version: one.version,
      licence: one.license,
      integrity: one.integrity,
      folder: path,
      parts: one.dev ? [] : ['page'],
      dependsOn: Object.keys({ ...one.dependencies, ...one.optionalDependencies })
        .filter((name) => locked[`node_modules/${name}`])
        .map((name) => `${name} ${locked[`node_modules/${name}`].version}`)
        .sort(),
    }))
    .sort(byKey);
}

/** The ids of what is linked with a package for a target: no build scripts, tests or macros. */
function linked(name, target) {
  const { packages, resolve } = metadata(['--filter-platform', target]);
  const macro = ({ targets }) => targets.some(({ kind }) => kind.includes('proc-macro'));
  const macros = new Set(packages.filter(macro).map(({ id }) => id));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const waiting = packages.filter((one) => one.name === name).map(({ id }) => id);
  const seen = new Set(waiting);
  while (waiting.length > 0) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(waiting.pop()).deps) {
      const isLinked = kinds.some(({ kind }) => kind === null) && !macros.has(pkg);
      if (!isLinked || seen.has(pkg)) continue;
      seen.add(pkg);
      waiting.push(pkg);
    }
  }
  return seen;
}

function metadata(args) {
  const command = ['metadata', '--locked', '--format-version', '1', ...args];
  return JSON.parse(execFileSync('cargo', command, { maxBuffer: 1 << 28 }));
}

/** SHA-256 of each crate's archive, by name and version. */
function lockedChecksums() {
  const checksums = new Map();
  for (const entry of readFileSync('Cargo.lock', 'utf8').split('[[package]]').slice(1)) {
    const field = (name) => new RegExp(`^${name} = "(.*)"$`, 'm').exec(entry)?.[1];
    if (field('checksum')) checksums.set(`${field('name')} ${field('version')}`, field('checksum'));
  }
  return checksums;
}

function byKey(one, other) {
  const [left, right] = [one, other].map(({ name, version }) => `${name} ${version}`);
  return left < right ? -1 : Number(left > right);
}
