import { expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';

const { cli, store } = await withLocalStore();

test('copies everything to a store of another kind, and reads it back', async () => {
  const { code, stdout } = await cli(['store', 'migrate', store, 'file:./moved']);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Copied 1 project, 3 builds, 6 attempts, \d+ events\.\nRead back from file:.*SHA-256 [0-9a-f]{64}\.\n$/,
  );
  const [before, after] = [
    await cli(['store', 'export', store, '--to', '-']),
    await cli(['store', 'export', 'file:./moved', '--to', '-']),
  ];
  expect(after.stdout).toBe(before.stdout);
});

test('goes on where it was interrupted, and again changes nothing', async () => {
  await cli(['store', 'migrate', store, './again']);
  const { code, stdout } = await cli(['store', 'migrate', store, './again']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Copied nothing\.\nWas there already, exactly so: 1 project, 3 builds/);
});

test('builds that somebody works on are refused, waited for, or copied as they are', async () => {
  const held = await withLocalStore();
  const claim = ['build', 'lease', 'linux:2', '--tracker', held.store];
  expect((await held.cli([...claim, '--ttl', '2s', '--holder', 'worker-7'])).code).toBe(0);
  const refused = await held.cli(['store', 'migrate', held.store, './target']);
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain('linux:2 by worker-7');
  expect((await held.cli(['store', 'info', './target'])).code).toBe(3);
  const forced = await held.cli(['store', 'migrate', held.store, './forced', '--force']);
  expect(forced.code).toBe(0);
  const waited = await held.cli(['store', 'migrate', held.store, './target', '--wait', '20s']);
  expect(waited.stderr).toContain('Waiting for 1 of the builds');
  expect(waited.code).toBe(0);
});

test('what differs in the target is reported and stays', async () => {
  const other = await withLocalStore();
  const { code, stdout } = await cli(['store', 'migrate', store, other.store]);
  expect(code).toBe(4);
  expect(stdout).toMatch(/Left out: project linux: project linux is there, and differs\./);
});
