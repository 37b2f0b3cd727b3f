import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { styleOf } from '../../src/output/style.ts';
import { prettyLogLine } from '../../src/serve/pretty-log.ts';
import { binary, binaryIn } from '../support/binary.ts';
import { temporaryFolder } from '../support/cli.ts';

const running: ReturnType<typeof spawn>[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
});

/** Starts a server and waits until it has announced itself. */
async function serve(home: string, ...words: string[]) {
  const child = spawn(
    process.execPath,
    ['--conditions=@buildstate/source', binary, 'serve', '--port', '0', ...words],
    {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.push(child);
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('/docs')) resolve();
    });
    child.on('exit', () => reject(new Error(`ended before it listened: ${stderr}`)));
  });
  const url = /http:\/\/[\d.:]+/.exec(stdout)?.[0] ?? '';
  return { child, url, stdout: () => stdout, stderr: () => stderr };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('waited for 10 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('prints where it listens, and one key once, on standard error', async () => {
  const home = temporaryFolder();
  const first = await serve(home, '--data-dir', 'data');
  expect(first.stdout()).toBe(`BuildState:  ${first.url}\nAPI docs:    ${first.url}/docs\n`);
  await until(() => first.stderr().includes('First API key'));
  const key = /bldst_[0-9a-f]{16}_[\w-]{43}/.exec(first.stderr())?.[0] ?? '';
  const bldst = binaryIn(home, { BLDST_TRACKER: first.url, BLDST_API_KEY: key });
  expect(JSON.parse((await bldst(['whoami', '--json'])).stdout).scopes).toContain('admin');
  first.child.kill('SIGTERM');
  expect(await once(first.child, 'exit')).toEqual([0, null]);
  const second = await serve(home, '--data-dir', 'data');
  expect((await bldst(['whoami'], { BLDST_TRACKER: second.url })).code).toBe(0);
  expect(second.stderr()).not.toContain('bldst_');
});

test('with --dev everybody knows the keys', async () => {
  const home = temporaryFolder();
  const server = await serve(home, '--dev', '--data-dir', 'data', '--json');
  await until(() => server.stderr().includes('admin-key-99999'));
  expect(JSON.parse(server.stdout())).toMatchObject({ url: server.url, docs_url: `${server.url}/docs` });
  const answer = await fetch(`${server.url}/users/me`, { headers: { 'x-api-key': 'readonly-key-888' } });
  expect(answer.status).toBe(200);
  expect((await fetch(`${server.url}/docs`)).status).toBe(200);
});

test('logs JSON where nobody watches, and lines for people when they are wanted', async () => {
  const json = await serve(temporaryFolder(), '--dev', '--data-dir', 'data');
  await fetch(`${json.url}/health`);
  await until(() => json.stderr().includes('"path":"/health"'));
  const pretty = await serve(temporaryFolder(), '--dev', '--data-dir', 'data', '--log-format', 'pretty');
  await fetch(`${pretty.url}/health`);
  await until(() => /\d\d:\d\d:\d\d INFO {2}GET \/health 200 [\d.]+ms/.test(pretty.stderr()));
});

describe('does not start', () => {
  test('on a port that is in use, and says what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const home = temporaryFolder();
    const { code, stderr, stdout } = await binaryIn(home)([
      'serve',
      '--dev',
      '--port',
      String(port),
      '--data-dir',
      join(home, 'd'),
    ]);
    other.close();
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      `Error: Port ${port} of 127.0.0.1 is in use, perhaps by another "bldst serve".\nTry: bldst serve --port 0\n`,
    );
  });

  test('with development keys for everybody', async () => {
    const { code, stderr } = await binaryIn(temporaryFolder())([
      'serve',
      '--dev',
      '--host',
      '0.0.0.0',
      '--port',
      '0',
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Error: Development keys/);
  });
});

describe('a log line for people', () => {
  const style = styleOf(false, 0);
  const line = (entry: object) =>
    prettyLogLine(JSON.stringify({ time: '2026-03-01T12:34:56.789Z', ...entry }), style);

  test('names time, level, what happened and the facts', () => {
    expect(line({ level: 'warn', msg: 'draining', left: 3, service: 'buildstate' })).toBe(
      '12:34:56 WARN  draining left=3',
    );
  });

  test('is short for requests', () => {
    const request = {
      level: 'info',
      msg: 'request',
      method: 'GET',
      path: '/x',
      status: 200,
      ms: 1.5,
      actor: 'me',
    };
    expect(line(request)).toBe('12:34:56 INFO  GET /x 200 1.5ms actor=me');
  });

  test('shows the stack of an error, and what is no JSON as it is', () => {
    expect(line({ level: 'error', msg: 'bad', err: { stack: 'Error: x\n    at y' } })).toBe(
      '12:34:56 ERROR bad\nError: x\n    at y',
    );
    expect(prettyLogLine('plain', style)).toBe('plain');
  });

  test('cannot steer the terminal', () => {
    expect(
      line({ level: 'info', msg: 'request', method: 'GET', path: '/\u001b[2J', status: 200, ms: 1 }),
    ).toContain('/\ufffd[2J');
  });
});
