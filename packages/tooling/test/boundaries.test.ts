import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBoundaries } from '../src/boundaries/check.ts';
import { boundaries } from '../src/boundaries/table.ts';
import { readManifest } from '../src/manifest.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const npmName = (folder: string): string => (folder === 'cli' ? 'bldst' : `@buildstate/${folder}`);

let root: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** A small workspace in which every package exists, exports nothing and declares what the table lets it import. */
function writeWorkspace(): void {
  for (const [folder, boundary] of Object.entries(boundaries)) {
    const uses = [
      ...boundary.imports,
      ...(boundary.dynamicImports ?? []),
      ...(boundary.compositionImports ?? []),
    ];
    const manifest = {
      name: npmName(folder),
      version: '0.0.0',
      exports: { '.': { '@buildstate/source': './src/index.ts' } },
      dependencies: Object.fromEntries(uses.map((name) => [npmName(name), '0.0.0'])),
    };
    write(`packages/${folder}/package.json`, JSON.stringify(manifest));
    write(`packages/${folder}/src/index.ts`, 'export {};\n');
    mkdirSync(join(root, 'node_modules/@buildstate'), { recursive: true });
    symlinkSync(join(root, 'packages', folder), join(root, 'node_modules', npmName(folder)));
  }
  for (const name of ['zod', 'pino']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  }
}

const rulesBroken = async (): Promise<string[]> => (await checkBoundaries(root)).map(({ rule }) => rule);

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'buildstate-boundaries-')));
  writeWorkspace();
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('checkBoundaries', () => {
  it('accepts imports that the table allows', async () => {
    write('packages/transfer/src/a.ts', "import '@buildstate/core';\nimport '@buildstate/node-runtime';\n");
    write('packages/client/src/a.ts', "export const load = () => import('@buildstate/state-stores');\n");
    write(
      'packages/client/src/b.ts',
      "import type { S } from '@buildstate/state-stores';\nexport type { S };\n",
    );
    write('packages/server/src/composition/stores.ts', "import '@buildstate/state-stores';\n");
    write('packages/server/src/main.ts', "import '@buildstate/artifact-backends';\n");
    expect(await checkBoundaries(root)).toEqual([]);
  });

  it.each([
    ['core-pure', 'packages/core/src/a.ts', "import 'node:fs';\n"],
    ['core-layer', 'packages/core/src/a.ts', "import '@buildstate/transfer';\n"],
    ['core-npm', 'packages/core/src/a.ts', "import 'pino';\n"],
    ['conformance-npm', 'packages/conformance/src/a.ts', "import 'zod';\n"],
    ['transfer-layer', 'packages/transfer/src/a.ts', "import '@buildstate/state-stores';\n"],
    [
      'transfer-layer',
      'packages/transfer/src/a.ts',
      "import type { X } from '@buildstate/client';\nexport type { X };\n",
    ],
    ['client-lazy', 'packages/client/src/a.ts', "import '@buildstate/state-stores';\n"],
    ['client-layer', 'packages/client/src/a.ts', "export const load = () => import('@buildstate/server');\n"],
    ['server-composition', 'packages/server/src/routes/a.ts', "import '@buildstate/state-stores';\n"],
    ['cli-lazy', 'packages/cli/src/commands/serve.ts', "import '@buildstate/server';\n"],
    ['no-undeclared-dependency', 'packages/transfer/src/a.ts', "import 'pino';\n"],
    ['no-undeclared-workspace', 'packages/core/src/a.ts', "import '@buildstate/server';\n"],
    ['no-reaching-into-packages', 'packages/transfer/src/a.ts', "import '../../core/src/index.ts';\n"],
    ['no-reaching-into-packages', 'packages/transfer/test/a.ts', "import '../../server/src/index.ts';\n"],
    ['no-unresolvable', 'packages/transfer/src/a.ts', "import './nowhere.ts';\n"],
  ])('reports %s for %s', async (rule, path, text) => {
    write(path, text);
    expect(await rulesBroken()).toContain(rule);
  });

  it('reports a cycle, also one of types only', async () => {
    write('packages/core/src/a.ts', "import type { B } from './b.ts';\nexport type A = B;\n");
    write('packages/core/src/b.ts', "import type { A } from './a.ts';\nexport type B = A[];\n");
    expect(await checkBoundaries(root)).toContainEqual({
      rule: 'no-cycle',
      from: 'packages/core/src/a.ts',
      to: 'packages/core/src/b.ts → packages/core/src/a.ts',
    });
  });
});

describe('the boundary table', () => {
  it.each(Object.entries(boundaries))('covers what the manifest of %s declares', (folder, boundary) => {
    const allowed = [
      ...boundary.imports,
      ...(boundary.dynamicImports ?? []),
      ...(boundary.compositionImports ?? []),
    ].map(npmName);
    const declared = Object.keys(readManifest(join(repository, 'packages', folder)).dependencies ?? {});
    const workspaces = declared.filter((name) => name.startsWith('@buildstate/') || name === 'bldst');
    expect(allowed).toEqual(expect.arrayContaining(workspaces));
  });
});
