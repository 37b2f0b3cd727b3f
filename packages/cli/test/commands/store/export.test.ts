import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLocalStore } from '../../support/local-store.ts';

const { cli, home, store } = await withLocalStore();

test('writes a file that only its owner can read, with everything but secrets', async () => {
  const { code, stdout } = await cli(['store', 'export', store, '--to', 'all.ndjson']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Exported 1 project, 3 builds, 6 attempts, \d+ events to all\.ndjson\.\n/);
  const path = join(home, 'all.ndjson');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).type)).toEqual([
    'header',
    'project',
    'actor',
    'build',
    'build',
    'build',
    'trailer',
  ]);
  expect(lines.join('')).not.toContain('canary');
});

test('writes the same to standard output, and nothing else', async () => {
  await cli(['store', 'export', store, '--to', 'all.ndjson']);
  const { stdout, stderr } = await cli(['store', 'export', store, '--to', '-']);
  expect(stdout).toBe(readFileSync(join(home, 'all.ndjson'), 'utf8'));
  expect(stderr).toMatch(/^Exported 1 project/);
});

test('leaves nothing behind when it cannot write', async () => {
  const { code } = await cli(['store', 'export', store, '--to', 'no/such/folder/all.ndjson']);
  expect(code).not.toBe(0);
  expect(existsSync(join(home, 'no'))).toBe(false);
});

test('needs a target', async () => {
  const { code, stderr } = await cli(['store', 'export', store]);
  expect(code).toBe(2);
  expect(stderr).toContain('--to');
});

test('tells machines how far it is', async () => {
  const { stderr } = await cli(['store', 'export', store, '--to', 'p.ndjson', '--progress', 'json']);
  const [first = ''] = stderr.split('\n');
  expect(JSON.parse(first.slice(1))).toEqual({ event: 'exporting', records: 1, percent: null });
});
