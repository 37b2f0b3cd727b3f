import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';

const { cli, home, store } = await withLocalStore();
await cli(['store', 'backup', 'good', '--from', store]);

test('puts a backup back into a store of another kind', async () => {
  const { code, stdout } = await cli(['store', 'restore', 'good', '--to', 'file:./restored']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Restored 1 project, 3 builds/);
  const [before, after] = [
    await cli(['store', 'export', store, '--to', '-']),
    await cli(['store', 'export', 'file:./restored', '--to', '-']),
  ];
  expect(after.stdout).toBe(before.stdout);
});

test('a store that is not empty is left alone unless it is told to merge', async () => {
  const refused = await cli(['store', 'restore', 'good', '--to', store]);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain('is not empty');
  const merged = await cli(['store', 'restore', 'good', '--to', store, '--merge']);
  expect(merged.code).toBe(0);
  expect(merged.stdout).toMatch(/^Restored nothing\./);
});

test('a backup that was changed is refused before anything is made', async () => {
  await cli(['store', 'backup', 'bad', '--from', store]);
  appendFileSync(join(home, 'bad', 'store.db'), 'x');
  const { code, stderr } = await cli(['store', 'restore', 'bad', '--to', './new.db']);
  expect(code).toBe(6);
  expect(stderr).toContain('store.db of the backup');
  expect(existsSync(join(home, 'new.db'))).toBe(false);
});
