import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { connect, type FlushResult } from '../../src/index.ts';
import { type FaultServer, faultServer, json, problem } from '../support/fault-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = fileURLToPath(new URL('./flush-once.ts', import.meta.url));

function flushing(url: string, spoolFolder: string): ChildProcess {
  const args = ['--conditions=@buildstate/source', script, url, spoolFolder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

async function resultOf(child: ChildProcess): Promise<FlushResult> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  return JSON.parse(text);
}

/** Reports of one build that could not be delivered; answers their ids, the oldest first. */
async function spooled(server: FaultServer, spoolFolder: string, count: number): Promise<string[]> {
  const options = { apiKey: 'k', env: {}, flushSpool: false, spoolFolder, retry: { tries: 1 } };
  await using client = await connect(server.url, { ...options, transport: 'node' });
  const ids: string[] = [];
  for (let number = 1; number <= count; number++) {
    const outcome = await client.report('spool:1', { state: number }, { spool: true });
    if (!outcome.delivered) ids.push(outcome.eventId);
  }
  expect(await client.spool.waiting()).toHaveLength(count);
  return ids;
}

function eventIds(server: FaultServer): string[] {
  return server.requests.map(({ body }) => JSON.parse(body).event_id);
}

it('is delivered in order and once by several processes that flush at the same time', async () => {
  const spoolFolder = temporaryFolder();
  let away = true;
  let busy = 0;
  let most = 0;
  const server = await faultServer((_request, response) => {
    if (away) return problem(response, 503, 'unavailable', 'Away.');
    busy += 1;
    most = Math.max(most, busy);
    setTimeout(() => {
      busy -= 1;
      json(response, 201, { id: 'a', warnings: [] });
    }, 5);
  });
  const ids = await spooled(server, spoolFolder, 25);
  const before = server.requests.length;
  away = false;
  const results = await Promise.all([1, 2, 3].map(() => resultOf(flushing(server.url, spoolFolder))));
  expect(eventIds(server).slice(before)).toEqual(ids);
  expect(results.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(25);
  expect(most).toBe(1);
});

it('leaves a report that cannot be taken now, and those of its build after it, and delivers those of other builds', async () => {
  const spoolFolder = temporaryFolder();
  const mine = '01932f1c-7a4e-7c4b-9d4e-6b8f0a1c2d3e';
  const others = '01932f1c-7a4e-7c4b-9d4e-6b8f0a1c2d3f';
  let away = true;
  const server = await faultServer((request, response) => {
    if (away) problem(response, 503, 'unavailable', 'Away.');
    else if (request.url?.includes(mine)) problem(response, 403, 'forbidden', 'Not with this key.');
    else json(response, 201, { id: 'a', warnings: [] });
  });
  const options = { apiKey: 'k', env: {}, flushSpool: false, spoolFolder, retry: { tries: 1 } };
  await using client = await connect(server.url, { ...options, transport: 'node' });
  for (const build of [mine, mine, others]) await client.report(build, { state: 10 }, { spool: true });
  const before = server.requests.length;
  away = false;
  const flushed = await client.spool.flush();
  expect(flushed).toMatchObject({ delivered: 1, rejected: 0, waiting: 2, reason: { code: 'forbidden' } });
  expect(server.requests.slice(before).map(({ url }) => url.includes(mine))).toEqual([true, false]);
});

it('goes on where a process stopped that was killed while it delivered', async () => {
  const spoolFolder = temporaryFolder();
  let mode: 'away' | 'hang' | 'well' = 'away';
  const server = await faultServer((_request, response, number) => {
    if (mode === 'away') return problem(response, 503, 'unavailable', 'Away.');
    if (mode === 'hang' && number > before + 3) return;
    json(response, 201, { id: 'a', warnings: [] });
  });
  let before = 0;
  const ids = await spooled(server, spoolFolder, 8);
  before = server.requests.length;
  mode = 'hang';
  const child = flushing(server.url, spoolFolder);
  while (server.requests.length < before + 4) await new Promise((resolve) => setTimeout(resolve, 5));
  const meanwhile = await resultOf(flushing(server.url, spoolFolder));
  // The first one holds the lock, so the second one leaves everything to it.
  expect(meanwhile).toMatchObject({ delivered: 0, waiting: 5 });
  child.kill('SIGKILL');
  await once(child, 'exit');
  mode = 'well';
  expect(await resultOf(flushing(server.url, spoolFolder))).toEqual({
    delivered: 5,
    rejected: 0,
    waiting: 0,
  });
  const arrived = eventIds(server).slice(before);
  // The fourth was on its way when the process died: it is sent again under the same id.
  expect(arrived).toEqual([...ids.slice(0, 4), ...ids.slice(3)]);
});
