import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Manifest, readManifest } from './manifest.ts';

/** The folder that holds the repository's package.json. */
export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** A package that is published to npm. */
export interface PublicPackage {
  /** Its folder, absolute. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Every workspace package that is not private, in the order of its folder's name. */
export function publicPackages(): PublicPackage[] {
  return globSync('packages/*/package.json', { cwd: repositoryRoot })
    .sort()
    .map((path) => dirname(join(repositoryRoot, path)))
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** Every bench, as absolute paths: the files in the packages' `bench` folders that are programs. */
export function benchFiles(): string[] {
  return globSync('packages/*/bench/*.ts', { cwd: repositoryRoot })
    .sort()
    .map((path) => join(repositoryRoot, path));
}

/** Every script that writes pages of the reference, as absolute paths. */
export function referenceScripts(): string[] {
  return globSync('packages/*/scripts/write-reference.ts', { cwd: repositoryRoot })
    .sort()
    .map((path) => join(repositoryRoot, path));
}

/** Every long form of a suite, as absolute paths by the suite's name. */
export function soakFiles(): ReadonlyMap<string, string> {
  const paths = globSync('packages/*/test/soak/long/*.ts', { cwd: repositoryRoot });
  const named = paths.map((path) => [basename(path, '.ts'), join(repositoryRoot, path)] as const);
  return new Map(named.sort(([a], [b]) => a.localeCompare(b)));
}
