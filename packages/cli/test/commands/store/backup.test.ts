import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';

const { cli, home, store } = await withLocalStore();

test('makes a folder with a manifest that only its owner can read', async () => {
  const { code, stdout } = await cli(['store', 'backup', 'one', '--from', store]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Backed up sqlite:.* into .*\/one: 1 file, \d+ KiB\.\n$/);
  expect(readdirSync(join(home, 'one')).sort()).toEqual(['manifest.json', 'store.db']);
  for (const name of ['one', 'one/manifest.json', 'one/store.db'])
    expect(statSync(join(home, name)).mode & 0o077).toBe(0);
});

test('never writes over what is there', async () => {
  await cli(['store', 'backup', 'two', '--from', store]);
  const { code, stderr } = await cli(['store', 'backup', 'two', '--from', store]);
  expect(code).toBe(4);
  expect(stderr).toContain('is there already');
  expect(readdirSync(home).filter((name) => name.startsWith('.bldst-'))).toEqual([]);
});

test('what is not there cannot be backed up', async () => {
  expect((await cli(['store', 'backup', 'three', '--from', './nothing.db'])).code).toBe(3);
});
