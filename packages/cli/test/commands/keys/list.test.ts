import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';

const home = temporaryFolder();
const ring = join(home, 'store', 'keyring.json');
const cli = cliIn(home, { env: { BLDST_TRACKER: `sqlite://${home}/store` } });

async function keyOf(file: string): Promise<{ id: string; secret: string; created_at: string }> {
  await cli(['health']);
  return JSON.parse(readFileSync(file, 'utf8')).keys[0];
}

test('lists the key ring of the local store, without its secrets', async () => {
  const { id, secret, created_at } = await keyOf(ring);
  const { code, stdout } = await cli(['keys', 'list', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual([{ id, created_at, retired_at: null, signs: true }]);
  expect(stdout).not.toContain(secret);
  expect((await cli(['keys', 'list'])).stdout).toMatch(
    new RegExp(`\n${id} +\\d+s +signs and verifies +-\n$`),
  );
});

test('lists the one that a flag or the environment names', async () => {
  const { id } = await keyOf(ring);
  const elsewhere = cliIn(home, { env: { BLDST_TRACKER: 'https://builds.example' } });
  for (const words of [
    ['--file', ring],
    ['--data-dir', 'store'],
  ]) {
    expect((await elsewhere(['keys', 'list', '-o', 'id', ...words])).stdout).toBe(`${id}\n`);
  }
  for (const env of [{ BLDST_KEYRING_FILE: ring }, { BLDST_KEYRING: readFileSync(ring, 'utf8') }]) {
    expect((await elsewhere(['keys', 'list', '-o', 'id'], { env })).stdout).toBe(`${id}\n`);
  }
  const single = { ARTIFACT_SIGNING_KEY: 'b0b5c8d7e6f5a4938271605f4e3d2c1b0a99887766554433221100ffeeddccbb' };
  const { stdout } = await elsewhere(['keys', 'list'], { env: single });
  expect(stdout).toMatch(/\nsingle-[0-9a-f]{16} +- +signs and verifies/);
  expect(stdout).not.toContain(single.ARTIFACT_SIGNING_KEY);
});

test('says where the key ring of a server is', async () => {
  const { code, stderr } = await cli(['keys', 'list', '--tracker', 'https://builds.example']);
  expect(code).toBe(2);
  expect(stderr).toContain('--data-dir');
});

test('a file that is no key ring is not shown', async () => {
  const { code, stdout, stderr } = await cli(['keys', 'list', '--file', '/etc/hostname']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('is not a key ring');
});
