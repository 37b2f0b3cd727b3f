import { defineConfig } from 'tsup';
import { lazyHelper, lazyRequires } from './bundle/lazy-requires.ts';
import { leftOutside } from './bundle/left-outside.ts';
import { licenceTexts } from './bundle/licence-texts.ts';

/**
 * The command line as one CommonJS file: finding and reading many small files, and the ES module loader, cost more
 * than running a command. Commands inside it are evaluated when they are run.
 */
export default defineConfig({
  entry: { bldst: 'src/main.ts' },
  outDir: 'dist',
  format: ['cjs'],
  platform: 'node',
  target: 'node22',
  splitting: false,
  clean: false,
  dts: false,
  silent: true,
  minify: true,
  noExternal: [/.*/],
  removeNodeProtocol: false,
  banner: { js: lazyHelper },
  esbuildPlugins: [leftOutside, lazyRequires, licenceTexts('bundled-licences.txt')],
  esbuildOptions(options) {
    options.conditions = ['@buildstate/source', 'module', 'node'];
    // Error names and oclif's messages come from class names.
    options.keepNames = true;
  },
});
