import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkLockfile } from '../src/checks/lockfile.ts';

let root: string;

const good = { version: '1.0.0', integrity: 'sha512-AA==' };

function write(packages: Record<string, object>, manifest: object = { name: 'root' }): void {
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'buildstate-lockfile-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('checkLockfile', () => {
  it('accepts a complete lockfile, nested platform packages included', () => {
    write({
      'node_modules/a': { ...good, optionalDependencies: { 'a-linux': '1.0.0', 'a-mac': '1.0.0' } },
      'node_modules/a-linux': good,
      'node_modules/a/node_modules/a-mac': good,
      'node_modules/local': { link: true, resolved: 'packages/local' },
    });
    expect(checkLockfile(root)).toEqual([]);
  });

  it('reports an address of a registry', () => {
    write({ 'node_modules/a': { ...good, resolved: 'https://registry.example/a.tgz' } });
    expect(checkLockfile(root)).toEqual([expect.stringContaining('names a registry for node_modules/a')]);
  });

  it('reports a package without a hash', () => {
    write({ 'node_modules/a': { version: '1.0.0' } });
    expect(checkLockfile(root)).toEqual([expect.stringContaining('no hash for node_modules/a')]);
  });

  it('reports a platform package that npm left out', () => {
    write({ 'node_modules/a': { ...good, optionalDependencies: { 'a-mac': '1.0.0' } } });
    expect(checkLockfile(root)).toEqual([expect.stringContaining('lacks a-mac')]);
  });

  it('reports a manifest that has moved on', () => {
    write({}, { name: 'root', dependencies: { zod: '^4.0.0' } });
    expect(checkLockfile(root)).toEqual([expect.stringContaining('behind package.json')]);
  });
});
