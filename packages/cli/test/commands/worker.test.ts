import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { binary } from '../support/binary.ts';
import { cliIn, temporaryFolder } from '../support/cli.ts';

interface Event {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** A home with a local store and a build file whose states do what they are told. */
function place(states: readonly string[]) {
  const home = temporaryFolder();
  const lines = states.map((state) => `  - ${state}\n`).join('');
  writeFileSync(join(home, 'buildstate.yaml'), `project: pool\nstates:\n${lines}`);
  const cli = cliIn(home, { env: { PATH: process.env.PATH } });
  return {
    home,
    cli,
    build: async () => (await cli(['build', 'create', '-p', 'pool', '-o', 'id'])).stdout.trim(),
    get: async (id: string) => (await cli(['build', 'get', id, '--json'])).json,
    statuses: async (id: string) =>
      ((await cli(['build', 'history', id, '--json'])).json as { state: number; status: string }[]).map(
        ({ state, status }) => `${state} ${status}`,
      ),
  };
}

/** A worker as a process of its own, with the events that it has told. */
function startWorker(home: string, words: readonly string[] = [], env: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    ['--conditions=@buildstate/source', binary, 'worker', '--json', '--poll', '1s', ...words],
    {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const events: Event[] = [];
  let rest = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    events.push(...lines.map((line) => JSON.parse(line) as Event));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const told = (type: string) =>
    expect
      .poll(() => events.find((event) => event.type === type), {
        timeout: 60_000,
        interval: 50,
        message: stderr,
      })
      .toBeDefined();
  return { child, events, ended, told };
}

const untilGone = (file: string) => `while [ ! -e ${file} ]; do sleep 0.05; done`;

test('runs what waits, one build after the other, and tells of it', { timeout: 120_000 }, async () => {
  const { cli, build, get, statuses } = place([
    '{ code: 5, run: "true" }',
    '{ code: 100, run: "echo made" }',
  ]);
  const ids = [await build(), await build()];
  const { code, stdout, stderr } = await cli(['worker', '--max-builds', '2', '--json']);
  expect(code, stderr).toBe(0);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
  expect(events.map(({ type }) => type)).toEqual([
    'waiting',
    ...['claimed', 'ended'],
    ...['claimed', 'ended'],
    'stopped',
  ]);
  expect(events[1]).toMatchObject({
    build: { id: ids[0], project: 'pool' },
    reason: 'pending',
    next_state: 0,
  });
  expect(events[2]).toMatchObject({ outcome: 'completed', completed: [5, 100], at: expect.any(String) });
  for (const id of ids) {
    expect(await get(id)).toMatchObject({ status: 'completed', lease: null });
    expect(await statuses(id)).toEqual(['5 completed', '100 completed']);
  }
  expect(await cli(['worker', '--once'])).toMatchObject({ code: 0 });
});

test('two workers share a build by their states', { timeout: 120_000 }, async () => {
  const { cli, build, get } = place([
    '{ code: 10, run: "true" }',
    '{ code: 30, run: "true" }',
    '{ code: 60, run: "true" }',
    '{ code: 100, run: "true" }',
  ]);
  const id = await build();
  expect((await cli(['worker', '--once', '--states', '35-100', '--json'])).stdout).not.toContain('claimed');
  expect((await cli(['worker', '--once', '--states', '5-30'])).stderr).toContain('Completed 10, 30.');
  expect(await get(id)).toMatchObject({ status: 'running', current_state: 30, lease: null });
  expect((await cli(['worker', '--once', '--states', '5-30', '--json'])).stdout).not.toContain('claimed');
  expect((await cli(['worker', '--once', '--states', '35-100'])).stderr).toContain('nobody works at it');
  expect(await get(id)).toMatchObject({ status: 'completed' });
});

test('a build that fails does not end the worker, and --once passes its code on', {
  timeout: 120_000,
}, async () => {
  const { cli, build, get } = place([
    '{ code: 5, run: "test -e fine || exit 7" }',
    '{ code: 100, run: "true" }',
  ]);
  const ids = [await build(), await build()];
  const first = await cli(['worker', '--once']);
  expect(first.code, first.stderr).toBe(7);
  expect(first.stderr).toContain('failed at state 5.');
  const both = await cli(['worker', '--max-builds', '1', '--json']);
  expect(both.code).toBe(0);
  expect(both.stdout).toContain('"failed_state":5');
  for (const id of ids)
    expect(await get(id)).toMatchObject({ status: 'failed', failed_state: 5, lease: null });
});

test('asked to stop it finishes its build and takes no other', { timeout: 120_000 }, async () => {
  const { home, build, get } = place([
    `{ code: 5, run: "${untilGone('go')}" }`,
    '{ code: 100, run: "true" }',
  ]);
  const ids = [await build(), await build()];
  const worker = startWorker(home);
  await worker.told('claimed');
  worker.child.kill('SIGTERM');
  await worker.told('stopping');
  writeFileSync(join(home, 'go'), '');
  expect(await worker.ended).toEqual([0, null]);
  expect(worker.events.at(-2)).toMatchObject({ type: 'ended', outcome: 'completed', completed: [5, 100] });
  expect(await get(ids[0] ?? '')).toMatchObject({ status: 'completed' });
  expect(await get(ids[1] ?? '')).toMatchObject({ status: 'pending', lease: null });
});

test('after its grace it interrupts the state and hands the build on', { timeout: 120_000 }, async () => {
  const { home, build, get, statuses, cli } = place([
    `{ code: 5, run: "touch begun; ${untilGone('go')}" }`,
    '{ code: 100, run: "true" }',
  ]);
  const id = await build();
  const worker = startWorker(home, ['--grace', '1s']);
  await expect.poll(() => existsSync(join(home, 'begun')), { timeout: 60_000 }).toBe(true);
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toEqual([0, null]);
  expect(worker.events.at(-2)).toMatchObject({ type: 'ended', outcome: 'interrupted' });
  expect(await get(id)).toMatchObject({ status: 'running', lease: null, open_attempt: null });
  expect(await statuses(id)).toEqual(['5 abandoned']);
  writeFileSync(join(home, 'go'), '');
  expect((await cli(['worker', '--once', '--json'])).stdout).toContain('"reason":"abandoned"');
  expect(await get(id)).toMatchObject({ status: 'completed' });
});

test('a worker that was killed is taken over at once by one beside it', { timeout: 120_000 }, async () => {
  const { home, build, get, statuses } = place([
    `{ code: 5, run: "touch begun; ${untilGone('go')}" }`,
    '{ code: 100, run: "true" }',
  ]);
  const id = await build();
  const dead = startWorker(home, ['--ttl', '1h']);
  await expect.poll(() => existsSync(join(home, 'begun')), { timeout: 60_000 }).toBe(true);
  dead.child.kill('SIGKILL');
  await dead.ended;
  writeFileSync(join(home, 'go'), '');
  const next = startWorker(home, ['--max-builds', '1']);
  expect(await next.ended).toEqual([0, null]);
  expect(next.events[1]).toMatchObject({ type: 'claimed', reason: 'abandoned', lease_token: 2 });
  expect(await get(id)).toMatchObject({ status: 'completed' });
  expect(await statuses(id)).toEqual(['5 abandoned', '5 completed', '100 completed']);
});

test('a worker that slept past its time to live is fenced out, and says so', {
  timeout: 120_000,
}, async () => {
  const { home, build, get, statuses } = place([
    `{ code: 5, run: "touch begun-$WHO; ${untilGone('go-$WHO')}" }`,
    '{ code: 100, run: "true" }',
  ]);
  const id = await build();
  const elsewhere = join(home, 'elsewhere');
  mkdirSync(elsewhere);
  const sleeper = startWorker(home, ['--ttl', '2s'], { WHO: 'a' });
  await expect.poll(() => existsSync(join(home, 'begun-a')), { timeout: 60_000 }).toBe(true);
  sleeper.child.kill('SIGSTOP');
  const other = startWorker(home, ['--max-builds', '1'], {
    WHO: 'b',
    // As on another machine: it can only wait for the lease to expire.
    XDG_STATE_HOME: elsewhere,
  });
  await expect.poll(() => existsSync(join(home, 'begun-b')), { timeout: 60_000 }).toBe(true);
  sleeper.child.kill('SIGCONT');
  await sleeper.told('ended');
  expect(sleeper.events.find(({ type }) => type === 'ended')).toMatchObject({ outcome: 'lost' });
  writeFileSync(join(home, 'go-b'), '');
  expect(await other.ended).toEqual([0, null]);
  sleeper.child.kill('SIGTERM');
  expect(await sleeper.ended).toEqual([0, null]);
  expect(await get(id)).toMatchObject({ status: 'completed' });
  expect(await statuses(id)).toEqual(['5 abandoned', '5 completed', '100 completed']);
});

test('what cannot be meant is refused before anything is claimed', async () => {
  const { cli, build, get } = place(['{ code: 5, run: "true" }']);
  const id = await build();
  expect((await cli(['worker', '--states', '35-70'])).stderr).toContain('none of the states 35-70');
  expect((await cli(['worker', '--states', 'x'])).code).toBe(2);
  expect((await cli(['worker', '--poll', '31s'])).code).toBe(2);
  expect((await cli(['worker', '-o', 'env'])).code).toBe(2);
  expect((await cli(['worker', '--once', '-p', 'no-such-project'])).code).toBe(3);
  expect((await cli(['worker', 'nowhere.yaml'])).code).toBe(2);
  expect(await get(id)).toMatchObject({ status: 'pending' });
});
