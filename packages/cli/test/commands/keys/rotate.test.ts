import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';

/** A store of its own with one artifact that its first key has signed. */
async function signedStore() {
  const home = temporaryFolder();
  const cli = cliIn(home, { env: { BLDST_TRACKER: `sqlite://${home}/store` } });
  const id = (await cli(['build', 'create', '--project', 'linux', '-o', 'id'])).stdout.trim();
  await cli(['artifact', 'upload', id, '/etc/hostname', '--state', '10', '--name', 'host', '--complete']);
  await cli(['variable', 'set', id, 'password=-', '--sensitive'], { stdin: 'correct horse' });
  const [first] = (await cli(['keys', 'list', '-o', 'id'])).stdout.trim().split('\n');
  return { home, cli, id, first: first ?? '', file: join(home, 'store', 'keyring.json') };
}

test('adds a key that signs; what older ones signed and sealed stays good', async () => {
  const { home, cli, id, first, file } = await signedStore();
  const { code, json, stdout } = await cli(['keys', 'rotate', '--json']);
  expect(code).toBe(0);
  expect(json).toMatchObject({ file, retired: [], keys: [{ id: first, signs: false }, { signs: true }] });
  expect(json.added).toBe(json.keys[1].id);
  for (const { secret } of JSON.parse(readFileSync(file, 'utf8')).keys) expect(stdout).not.toContain(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(home, 'store')).filter((name) => name.includes('bldst-'))).toEqual([]);
  expect((await cli(['artifact', 'verify', id, 'host', '--deep'])).code).toBe(0);
  expect((await cli(['variable', 'get', id, 'password'])).stdout).toBe('correct horse\n');
});

test('a retired key is good for nothing, and that is said', async () => {
  const { cli, id, first } = await signedStore();
  const { code, stderr } = await cli(['keys', 'rotate', '--retire', first]);
  expect(code).toBe(0);
  expect(stderr).toContain(`Key ${first} is retired`);
  expect((await cli(['keys', 'list'])).stdout).toMatch(new RegExp(`${first} .* retired +\\d{4}-`));
  expect((await cli(['artifact', 'verify', id, 'host', '--deep'])).code).toBe(6);
});

test('a key that is not in the ring cannot be retired, and nothing changes', async () => {
  const { cli, file } = await signedStore();
  const before = readFileSync(file, 'utf8');
  const { code, stderr } = await cli(['keys', 'rotate', '--retire', 'k-nobody']);
  expect(code).toBe(3);
  expect(stderr).toContain('has no key "k-nobody"');
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('keys in a variable cannot be rotated', async () => {
  const { cli, file } = await signedStore();
  const env = { BLDST_KEYRING: readFileSync(file, 'utf8') };
  const { code, stderr } = await cli(['keys', 'rotate'], { env });
  expect(code).toBe(2);
  expect(stderr).toContain('BLDST_KEYRING_FILE');
});
