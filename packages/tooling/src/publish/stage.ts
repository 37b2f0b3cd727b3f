import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublicPackage } from '../repository.ts';

/** The export condition under which the workspaces find each other's TypeScript. */
const sourceCondition = '@buildstate/source';

/** The folder inside a package from which it is published; `publishConfig.directory` names the same one. */
export const stageFolder = '.publish';

const published = ['dist', 'bin', 'buildstate.schema.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];

function withoutSources(exports: unknown): unknown {
  if (typeof exports !== 'object' || exports === null) return exports;
  return Object.fromEntries(
    Object.entries(exports)
      .filter(([key]) => key !== sourceCondition)
      .map(([key, value]) => [key, withoutSources(value)]),
  );
}

/**
 * Lays out what npm publishes: the built files and a manifest without the parts that only this repository
 * understands. The package's own manifest stays untouched, so that a publish that is cut short leaves nothing
 * to repair.
 *
 * @returns the folder, absolute
 * @throws {Error} when the package has not been built
 */
export function stagePackage({ folder, manifest }: PublicPackage): string {
  if (!existsSync(join(folder, 'dist')))
    throw new Error(`${manifest.name} is not built: no dist in ${folder}`);
  const stage = join(folder, stageFolder);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage);
  for (const name of published) {
    if (existsSync(join(folder, name))) cpSync(join(folder, name), join(stage, name), { recursive: true });
  }
  const full = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { scripts: _scripts, devDependencies: _development, exports, ...rest } = full;
  const outward = { ...rest, exports: withoutSources(exports), publishConfig: { access: 'public' } };
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(outward, null, 2)}\n`);
  return stage;
}
