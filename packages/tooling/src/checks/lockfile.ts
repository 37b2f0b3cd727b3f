import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Manifest, readManifest } from '../manifest.ts';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

type DependencyField = 'dependencies' | 'devDependencies' | 'peerDependencies';

const fields: readonly DependencyField[] = ['dependencies', 'devDependencies', 'peerDependencies'];

function sameDependencies(locked: LockedPackage, manifest: Manifest): boolean {
  return fields.every((field) => {
    const sorted = (from: object): string =>
      JSON.stringify(Object.entries(from).sort(([a], [b]) => (a < b ? -1 : 1)));
    return sorted(locked[field] ?? {}) === sorted(manifest[field] ?? {});
  });
}

/**
 * Checks that the lockfile can be trusted on any machine: it matches every manifest, names no registry and has
 * a hash for all that npm downloads.
 *
 * @param root the folder of package-lock.json
 * @returns one sentence for each problem
 */
export function checkLockfile(root: string): string[] {
  const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(lockfile.packages).flatMap(([path, locked]) => {
    const problems: string[] = [];
    if (!path.includes('node_modules/')) {
      if (!sameDependencies(locked, readManifest(join(root, path)))) {
        problems.push(`package-lock.json is behind ${join(path, 'package.json')}: run npm install.`);
      }
      return problems;
    }
    if (locked.link === true || locked.inBundle === true) return problems;
    if (locked.resolved?.startsWith('http') === true) {
      problems.push(`package-lock.json names a registry for ${path}: set omit-lockfile-registry-resolved.`);
    }
    if (locked.integrity === undefined) problems.push(`package-lock.json has no hash for ${path}.`);
    return problems;
  });
}
