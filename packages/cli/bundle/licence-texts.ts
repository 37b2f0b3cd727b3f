import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

/** The folder of the npm package that a bundled file belongs to, or `undefined` for our own files. */
function packageFolder(path: string): string | undefined {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+(?=[\\/])/.exec(path)?.[0];
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined
      ? `Licence: ${license ?? 'see its repository'}`
      : readFileSync(join(folder, file), 'utf8');
  return `${name} ${version}\n\n${text.trim()}\n`;
}

/**
 * Writes the licences of everything that was bundled beside the bundle, as those licences ask for.
 *
 * @param fileName the file's name, within the output folder
 */
export function licenceTexts(fileName: string): Plugin {
  return {
    name: 'licence-texts',
    setup(build) {
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }) => {
        const outdir = build.initialOptions.outdir ?? dirname(build.initialOptions.outfile ?? '.');
        const inputs = Object.keys(metafile?.inputs ?? {}).map((input) => resolve(input));
        const folders = [...new Set(inputs.map(packageFolder))].filter(
          (folder) => folder !== undefined && existsSync(join(folder, 'package.json')),
        );
        const texts = folders.sort().map((folder) => licenceOf(String(folder)));
        writeFileSync(join(outdir, fileName), texts.join(`\n${'-'.repeat(80)}\n\n`));
      });
    },
  };
}
