import type { Plugin } from 'esbuild';

/** What @oclif/core looks for only where commands are run from their TypeScript. */
const developmentOnly = new Set(['typescript', 'ts-node']);

/**
 * Leaves packages that are loaded with `import()` out of the bundle: servers, stores, transfers and YAML stay
 * ordinary dependencies, with their own files beside them.
 */
export const externalWhenDynamic: Plugin = {
  name: 'external-when-dynamic',
  setup(build) {
    build.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
      kind === 'dynamic-import' || developmentOnly.has(path) ? { path, external: true } : undefined,
    );
  },
};
