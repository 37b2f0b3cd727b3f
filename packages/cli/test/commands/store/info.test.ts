import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';

const { cli, store, home } = await withLocalStore();

test('says what a store is, what is in it, and which keys it has', async () => {
  const { code, stdout } = await cli(['store', 'info', store]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Kind: +sqlite\n/);
  expect(stdout).toContain(store);
  expect(stdout).toMatch(/Schema: +version \d+\n/);
  expect(stdout).toMatch(/Size: +\d+(\.\d+)? [KM]iB\n/);
  expect(stdout).toMatch(/Projects: +1\nBuilds: +3\nAttempts: +6\nArtifacts: +0\n/);
  expect(stdout).toMatch(/Key ring: +.*keyring\.json \(1 key\)/);
  expect(stdout).not.toMatch(/secret|canary/);
});

test('the same for scripts', async () => {
  const { json } = await cli(['store', 'info', store, '--json']);
  expect(json).toMatchObject({
    kind: 'sqlite',
    counts: { projects: 1, builds: 3, attempts: 6, artifacts: 0 },
    capabilities: { shared: true, durable: true, sql: true, global_stream: true },
  });
  expect(json.bytes).toBeGreaterThan(1000);
});

test('takes the store that other commands use', async () => {
  const { json } = await cli(['store', 'info', '--json'], { env: { BLDST_TRACKER: store } });
  expect(json.counts.builds).toBe(3);
});

test('a misspelt path is not found, and no store is made there', async () => {
  const words = ['store', 'info', './bilds.db'];
  expect((await cli(words)).code).toBe(3);
  const again = await cli(words);
  expect(again.code).toBe(3);
  expect(again.stderr).toContain(`There is no store at ${home}/bilds.db`);
});

test('a folder that is no store is left as it is', async () => {
  const folder = join(home, 'pictures');
  mkdirSync(folder);
  for (const address of [`sqlite://${folder}`, `file://${folder}`]) {
    expect((await cli(['store', 'migrate', address, './copy.db'])).code).toBe(3);
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('a server is no store, and a password is never shown', async () => {
  const { code, stderr } = await cli(['store', 'info', 'https://user:canary@builds.example.com']);
  expect(code).toBe(2);
  expect(stderr).toContain('is a server, not a store');
  expect(stderr).not.toContain('canary');
});
