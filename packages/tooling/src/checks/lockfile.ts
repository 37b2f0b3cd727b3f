import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, readManifest } from '../manifest.ts';

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type LockedPackages = Readonly<Record<string, LockedPackage>>;

const fields = ['dependencies', 'devDependencies', 'peerDependencies'] as const;

function sameDependencies(locked: LockedPackage, manifest: Manifest): boolean {
  return fields.every((field) => {
    const sorted = (from: object): string =>
      JSON.stringify(Object.entries(from).sort(([a], [b]) => (a < b ? -1 : 1)));
    return sorted(locked[field] ?? {}) === sorted(manifest[field] ?? {});
  });
}

/** Whether `name` is locked where Node would look for it from the package at `path`. */
function isLockedFor(packages: LockedPackages, path: string, name: string): boolean {
  const parts = path.split('/node_modules/');
  return (
    [...parts.keys()]
      .map((count) => parts.slice(0, parts.length - count).join('/node_modules/'))
      .some((parent) => packages[`${parent}/node_modules/${name}`] !== undefined) ||
    packages[`node_modules/${name}`] !== undefined
  );
}

function downloadProblems(packages: LockedPackages, path: string, locked: LockedPackage): string[] {
  const problems: string[] = [];
  if (locked.resolved?.startsWith('http') === true) {
    problems.push(`package-lock.json names a registry for ${path}: set omit-lockfile-registry-resolved.`);
  }
  if (locked.integrity === undefined) problems.push(`package-lock.json has no hash for ${path}.`);
  for (const name of Object.keys(locked.optionalDependencies ?? {})) {
    if (isLockedFor(packages, path, name)) continue;
    problems.push(
      `package-lock.json lacks ${name}, which ${path} needs on other platforms: npm ci refuses it.`,
    );
  }
  return problems;
}

/**
 * Checks that the lockfile can be trusted on any machine: it matches every manifest, names no registry, has a
 * hash for all that npm downloads, and covers every platform. npm leaves platform packages out without a word
 * when the registry does not have them yet; then an older version of the tool is the one to lock.
 *
 * @param root the folder of package-lock.json
 * @returns one sentence for each problem
 */
export function checkLockfile(root: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: LockedPackages;
  };
  return Object.entries(packages).flatMap(([path, locked]) => {
    if (!path.includes('node_modules/')) {
      if (sameDependencies(locked, readManifest(join(root, path)))) return [];
      return [`package-lock.json is behind ${join(path, 'package.json')}: run npm install.`];
    }
    return locked.link === true || locked.inBundle === true ? [] : downloadProblems(packages, path, locked);
  });
}
