import type { Plugin } from 'esbuild';

/**
 * What @oclif/core and the client name and this command line never calls: the search for plug-ins and their
 * versions, spinners, TypeScript, a second HTTP library. They would make up half of the bundle.
 */
const neverCalled = new Set([
  'cli-spinners',
  'ky',
  'lilconfig',
  'minimatch',
  'semver',
  'tinyglobby',
  'ts-node',
  'typescript',
]);

/**
 * Leaves packages that are loaded with `import()` out of the bundle: servers, stores, transfers and YAML stay
 * ordinary dependencies, with their own files beside them.
 */
export const leftOutside: Plugin = {
  name: 'left-outside',
  setup(build) {
    build.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
      kind === 'dynamic-import' || neverCalled.has(path) ? { path, external: true } : undefined,
    );
  },
};
