import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { lookAtNode, lookAtSpool } from '../../src/doctor/look-at-machine.ts';
import { lookAtClock } from '../../src/doctor/look-at-tracker.ts';
import { cliIn, temporaryFolder } from '../support/cli.ts';
import { withServer } from '../support/server.ts';

/** What was found, by what was looked at. */
function byName(json: { checks: { name: string; status: string; message: string; next: string | null }[] }) {
  return Object.fromEntries(json.checks.map((check) => [check.name, check]));
}

describe('with a server', () => {
  const { cli, build } = withServer();

  test('everything is looked at, and nothing is left behind', async () => {
    const id = await build();
    const { code, json } = await cli(['doctor', id, '--json']);
    expect(Object.keys(byName(json))).toEqual([
      'node',
      'connection',
      'credentials',
      'clock',
      'versions',
      'storage',
      'spool',
    ]);
    expect(byName(json)).toMatchObject({
      connection: { status: 'ok', message: expect.stringContaining('BLDST_TRACKER') },
      credentials: { status: 'ok', message: expect.stringContaining('admin') },
      clock: { status: 'ok' },
      storage: { status: 'ok', message: expect.stringContaining('the server') },
      // The tests' own version is not the server's.
      versions: { status: 'warn', message: expect.stringContaining('1.2.3') },
    });
    expect([code, json.status]).toEqual([0, 'warn']);
    expect((await cli(['events', 'list', id, '-o', 'id'])).stdout).toBe('1\n');
    const lines = (await cli(['doctor', id])).stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatch(/^ok {4}node {9}Node v/);
    expect(lines[4]).toMatch(/^warn {2}versions .* Try: npm install --global bldst$/);
  });

  test('a key that is not accepted fails, and the next command is said', async () => {
    const { code, json } = await cli(['doctor', '--json'], { env: { BLDST_API_KEY: 'nobody' } });
    expect(code).toBe(5);
    expect(byName(json)).toMatchObject({
      connection: { status: 'ok' },
      credentials: { status: 'fail', next: 'bldst auth set-key' },
    });
    expect(byName(json)).not.toHaveProperty('storage');
  });

  test('a key that may only look is a warning', async () => {
    const id = await build();
    const { code, json } = await cli(['doctor', id, '--json'], {
      env: { BLDST_API_KEY: 'readonly-key-888' },
    });
    expect(code).toBe(0);
    expect(byName(json)).toMatchObject({ credentials: { status: 'warn' }, storage: { status: 'warn' } });
  });

  test('a build that is not there fails', async () => {
    const { code, json } = await cli(['doctor', 'nobody:1', '--json']);
    expect(code).toBe(3);
    expect(byName(json).storage).toMatchObject({ status: 'fail' });
  });

  test('stored keys that others can read are a warning', async () => {
    const home = temporaryFolder();
    const own = cliIn(home, { env: { BLDST_TRACKER: inject('tracker') } });
    await own(['auth', 'set-key', '--key-stdin'], { stdin: 'dev-key-12345' });
    expect(byName((await own(['doctor', '--json'])).json)['stored keys']).toMatchObject({ status: 'ok' });
    const file = join(home, '.config', 'buildstate', 'credentials.json');
    chmodSync(file, 0o644);
    const { json } = await own(['doctor', '--json']);
    expect(byName(json)['stored keys']).toMatchObject({ status: 'warn', next: `chmod 600 ${file}` });
  });
});

test('a tracker that is not there fails, and nothing more is said of it', async () => {
  const { code, json } = await cliIn(temporaryFolder())([
    'doctor',
    '--tracker',
    'http://127.0.0.1:9',
    '--json',
  ]);
  expect(code).toBe(7);
  expect(Object.keys(byName(json))).toEqual(['node', 'connection']);
  expect(byName(json).connection).toMatchObject({ status: 'fail', next: 'bldst config show' });
});

test('something else than a tracker fails', async () => {
  const other = createServer((_, response) => response.end('<html>'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const { code, json } = await cliIn(temporaryFolder())(['doctor', '--tracker', url, '--json']);
  other.close();
  expect(code).not.toBe(0);
  expect(json.status).toBe('fail');
});

describe('with a store on this machine', () => {
  test('its disk and its keys are looked at, too, also before there is a build', async () => {
    const home = temporaryFolder();
    const cli = cliIn(home, { env: { BLDST_TRACKER: `sqlite://${home}/store` } });
    const { code, json } = await cli(['doctor', '--json']);
    expect(code).toBe(0);
    expect(byName(json)).toMatchObject({
      versions: { status: 'ok' },
      storage: { status: 'ok', message: expect.stringContaining('/store/artifacts') },
      'local store': { message: expect.stringContaining('/store is ') },
      'key ring': { status: 'ok', message: expect.stringContaining('signs') },
    });
  });

  test('a ring without a key in use, and storage that is a file, fail', async () => {
    const home = temporaryFolder();
    const cli = cliIn(home, { env: { BLDST_TRACKER: `sqlite://${home}/store` } });
    mkdirSync(join(home, 'store'));
    writeFileSync(join(home, 'store', 'artifacts'), 'a file');
    const ring = { version: 1, keys: [] };
    writeFileSync(join(home, 'store', 'keyring.json'), JSON.stringify(ring), { mode: 0o600 });
    const { code, json } = await cli(['doctor', '--json']);
    expect(code).toBeGreaterThan(0);
    expect(byName(json)).toMatchObject({ storage: { status: 'fail' }, 'key ring': { status: 'fail' } });
  });
});

describe('a look at', () => {
  const at = (timestamp: string) =>
    lookAtClock({
      health: { status: 'ok', timestamp },
      asked: { at: Date.parse('2026-01-01T00:00:00Z'), until: Date.parse('2026-01-01T00:00:02Z') },
    });

  test.each([
    ['2026-01-01T00:00:01.500Z', 'ok', 'The clocks agree.'],
    ['2026-01-01T00:00:21.000Z', 'warn', '20s apart'],
    ['2025-12-31T23:00:01.000Z', 'fail', '1h 0m apart'],
  ])('a clock at %s is %s', (timestamp, status, message) => {
    expect(at(timestamp)).toMatchObject({ status, message: expect.stringContaining(message) });
  });

  test.each([
    ['v20.19.0', 'warn'],
    ['v22.17.9', 'warn'],
    ['v22.18.0', 'ok'],
    ['v24.0.0', 'ok'],
  ])('Node %s is %s', (version, status) => {
    expect(lookAtNode(version).status).toBe(status);
  });

  test('the spool tells what waits, what was refused, and that nothing can be kept', async () => {
    const folder = temporaryFolder();
    const env = { HOME: folder, BLDST_SPOOL_DIR: join(folder, 'a', 'spool') };
    expect(await lookAtSpool(env, 0, 0)).toMatchObject({ status: 'ok' });
    expect(await lookAtSpool(env, 2, 0)).toMatchObject({ status: 'warn', next: 'bldst status' });
    expect(await lookAtSpool(env, 2, 1)).toMatchObject({
      status: 'warn',
      message: expect.stringContaining('1 reports'),
    });
    writeFileSync(join(folder, 'file'), '');
    const nowhere = await lookAtSpool({ ...env, BLDST_SPOOL_DIR: join(folder, 'file', 'spool') }, 0, 0);
    expect(nowhere).toMatchObject({ status: 'fail', message: expect.stringContaining('ENOTDIR') });
  });
});
