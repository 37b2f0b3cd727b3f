import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packedFileProblems } from '../src/checks/packed-files.ts';
import { stagePackage } from '../src/publish/stage.ts';

const manifest = {
  name: '@buildstate/sample',
  version: '1.2.3',
  scripts: { build: 'tsup' },
  exports: {
    '.': { '@buildstate/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  dependencies: { zod: '^4.0.0' },
  devDependencies: { '@buildstate/tooling': '*' },
  publishConfig: { access: 'public', directory: '.publish' },
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'buildstate-publish-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('stagePackage', () => {
  it('publishes the built files and a manifest without the parts of development', () => {
    mkdirSync(join(folder, 'dist'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'dist/index.js'), 'export {};');
    const stage = stagePackage({ folder, manifest });
    expect(JSON.parse(readFileSync(join(stage, 'package.json'), 'utf8'))).toEqual({
      name: '@buildstate/sample',
      version: '1.2.3',
      exports: {
        '.': { types: './dist/index.d.ts', default: './dist/index.js' },
        './package.json': './package.json',
      },
      dependencies: { zod: '^4.0.0' },
      publishConfig: { access: 'public' },
    });
    expect(readFileSync(join(stage, 'dist/index.js'), 'utf8')).toBe('export {};');
    expect(() => readFileSync(join(stage, 'src'))).toThrow(/ENOENT/);
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual(manifest);
  });

  it('refuses a package that has not been built', () => {
    expect(() => stagePackage({ folder, manifest })).toThrow('@buildstate/sample is not built');
  });
});

describe('packedFileProblems', () => {
  const complete = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'];

  it('accepts built files, their maps and declarations', () => {
    expect(packedFileProblems([...complete, 'dist/a/b.d.ts', 'dist/index.js.map', 'bin/bldst.js'])).toEqual(
      [],
    );
  });

  it('names what is missing', () => {
    expect(packedFileProblems(complete.filter((path) => path !== 'LICENSE'))).toEqual([
      'the tarball lacks LICENSE',
    ]);
  });

  it.each(['src/index.ts', 'dist/stray.ts', 'test/a.test.js', 'tsconfig.json', 'dist/.tsbuildinfo'])(
    'refuses %s',
    (path) => {
      expect(packedFileProblems([...complete, path])).toEqual([`the tarball must not contain ${path}`]);
    },
  );
});
