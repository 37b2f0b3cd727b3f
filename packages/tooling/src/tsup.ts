import { defineConfig } from 'tsup';

/**
 * The one build recipe of the published packages: ESM for Node 22, code shared between entries split into
 * chunks, dependencies left as imports. Declarations come from `tsc` afterwards, since tsup's own
 * declaration bundling needs the JavaScript API that TypeScript 7 no longer has.
 *
 * @param entries entry points relative to `src`, without extension, for example `['index', 's3/index']`
 */
export function packageBuild(entries: readonly string[]): ReturnType<typeof defineConfig> {
  return defineConfig({
    entry: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
    format: ['esm'],
    platform: 'node',
    target: 'node22',
    splitting: true,
    sourcemap: true,
    clean: true,
    dts: false,
    silent: true,
  });
}
