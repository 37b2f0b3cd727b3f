import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnauthenticatedError, UnreachableError } from '@buildstate/core/light';
import { expect, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';
import { fakeTracker, knownCaller } from '../../support/fake-client.ts';

const server = ['--tracker', 'https://one.example'];

function setUp(parts: Parameters<typeof fakeTracker>[0] = knownCaller) {
  const home = temporaryFolder();
  const file = join(home, '.config', 'buildstate', 'credentials.json');
  return { cli: cliIn(home, { open: fakeTracker(parts).open }), file };
}

test('stores the key that standard input holds, once the server has taken it', async () => {
  const { cli, file } = setUp();
  const { code, stdout } = await cli(['auth', 'set-key', '--key-stdin', ...server], { stdin: 'secret\n' });
  expect(code).toBe(0);
  expect(stdout).toBe('Stored a key for https://one.example: key-1, may read, write.\n');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ keys: { 'https://one.example': 'secret' } });
});

test('refuses a key as an argument', async () => {
  const { cli, file } = setUp();
  const { code, stderr } = await cli(['auth', 'set-key', 'secret', ...server]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--key-stdin/);
  expect(stderr).not.toContain('secret');
  expect(existsSync(file)).toBe(false);
});

test('does not store a key that the server refuses', async () => {
  const whoami = async () => {
    throw new UnauthenticatedError('The key is not known.');
  };
  const { cli, file } = setUp({ whoami });
  const { code, stderr } = await cli(['auth', 'set-key', '--key-stdin', ...server], { stdin: 'wrong' });
  expect(code).toBe(5);
  expect(stderr).toMatch(/was not stored/);
  expect(existsSync(file)).toBe(false);
});

test('stores a key unproven when the server cannot be reached, and says so', async () => {
  const whoami = async () => {
    throw new UnreachableError('https://one.example does not answer.');
  };
  const { cli } = setUp({ whoami });
  const { code, stderr } = await cli(['auth', 'set-key', '--key-stdin', ...server], { stdin: 'secret' });
  expect(code).toBe(0);
  expect(stderr).toMatch(/could not be proven/);
});

test('says what to do where nobody can be asked, where there is no key, and where none is needed', async () => {
  const { cli } = setUp();
  expect((await cli(['auth', 'set-key', ...server])).stderr).toMatch(/--key-stdin/);
  expect((await cli(['auth', 'set-key', '--key-stdin', ...server], { stdin: '\n' })).code).toBe(2);
  const local = await cli(['auth', 'set-key', '--key-stdin'], { stdin: 'secret' });
  expect(local.code).toBe(2);
  expect(local.stderr).toMatch(/keys are for servers/);
});
