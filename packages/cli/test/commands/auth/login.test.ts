import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { cliIn, temporaryFolder } from '../../support/cli.ts';

function setUp() {
  const home = temporaryFolder();
  const file = join(home, '.config', 'buildstate', 'credentials.json');
  return { cli: cliIn(home, { env: { BLDST_TRACKER: inject('tracker') } }), file };
}

test('logs in with a password from standard input; commands then go to this server with the token', async () => {
  const { cli, file } = setUp();
  const words = ['auth', 'login', 'user', '--password-stdin'];
  const { code, stdout, stderr } = await cli(words, { stdin: 'user123\n' });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    new RegExp(`^Logged in to ${inject('tracker')} as user, until .* \\(in (59|60)m|1h`),
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { keys } = JSON.parse(readFileSync(file, 'utf8'));
  expect(Object.keys(keys)).toEqual([inject('tracker')]);
  expect(stdout).not.toContain(keys[inject('tracker')]);
  expect((await cli(['whoami', '--json'])).json).toMatchObject({
    id: 'dev-write',
    scopes: ['read', 'write'],
  });
  await cli(['auth', 'logout']);
  expect((await cli(['whoami'])).code).toBe(5);
});

test('asks for the password on a terminal, and for the name of nobody whom the system knows', async () => {
  const { cli } = setUp();
  const asked = await cli(['auth', 'login'], { env: { USER: 'user' } });
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain('--password-stdin');
  const unknown = await cli(['auth', 'login', '--password-stdin'], { stdin: 'user123' });
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('Who are you?');
});

test('a wrong password stores nothing and is not shown', async () => {
  const { cli, file } = setUp();
  const words = ['auth', 'login', 'user', '--password-stdin'];
  const { code, stdout, stderr } = await cli(words, { stdin: 'canary-password' });
  expect(code).toBe(5);
  expect(stderr).toContain('User name or password is wrong.');
  expect(stdout + stderr).not.toContain('canary-password');
  expect(existsSync(file)).toBe(false);
});

test('a store needs no login', async () => {
  const { cli } = setUp();
  const words = ['auth', 'login', 'user', '--password-stdin', '--tracker', 'sqlite:///nowhere'];
  expect((await cli(words, { stdin: 'x' })).code).toBe(2);
});

test('the password follows no redirect, and other servers are told apart', async () => {
  const bodies: string[] = [];
  const other = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
    request.on('end', () => {
      if (request.url === '/auth/token') response.writeHead(307, { location: '/elsewhere' });
      response.end('<html>');
    });
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const { cli } = setUp();
  const words = ['auth', 'login', 'user', '--password-stdin', '--tracker', url];
  const redirected = await cli(words, { stdin: 'x' });
  expect([redirected.code, redirected.stderr]).toEqual([1, expect.stringContaining('sends elsewhere')]);
  expect(bodies).toHaveLength(1);
  const html = await cli([...words.slice(0, -1), `${url}/other`], { stdin: 'x' });
  expect(html.code).toBe(1);
  expect(html.stderr).toContain('not as a BuildState server does');
});
