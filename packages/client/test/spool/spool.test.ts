import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LeaseLostError, UnreachableError } from '@buildstate/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BuildStateClient, type ConnectOptions, connect } from '../../src/index.ts';
import { adminKey, type LiveServer, liveServer } from '../support/live-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let server: LiveServer;
let spoolFolder: string;
const clients: BuildStateClient[] = [];

beforeEach(async () => {
  server = await liveServer();
  spoolFolder = join(temporaryFolder(), 'spool');
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.remove();
});

async function client(options: ConnectOptions = {}): Promise<BuildStateClient> {
  const retry = { tries: 1 };
  const made = await connect(server.url, { apiKey: adminKey, env: {}, spoolFolder, retry, ...options });
  clients.push(made);
  return made;
}

/** The server comes back at the same place with the same data. */
async function comeBack(): Promise<void> {
  server = await liveServer({ dataDir: server.dataDir, port: server.port });
}

async function newBuild(from: BuildStateClient): Promise<string> {
  return (await from.builds.create({ project: 'spool' })).id;
}

async function history(from: BuildStateClient, build: string): Promise<string[]> {
  const attempts = await from.builds.attempts(build).all();
  return attempts.map(({ state, status }) => `${state} ${status}`);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const spool = { spool: true } as const;

describe('while the server is away', () => {
  it('reports are kept for their owner alone, without the key, and in order', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    await server.stop();
    const first = await worker.report(build, { state: 10, status: 'started' }, spool);
    const second = await worker.report(build, { state: 10 }, spool);
    expect(first).toMatchObject({ delivered: false, waiting: 1 });
    expect(second).toMatchObject({ delivered: false, waiting: 2 });
    expect(first.delivered ? undefined : first.reason).toBeInstanceOf(UnreachableError);
    expect(await worker.spool.waiting()).toMatchObject([
      { build, state: 10, status: 'started' },
      { build, state: 10, operation: 'recordState' },
    ]);
    for (const file of filesBelow(spoolFolder)) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'utf8')).not.toContain(adminKey);
    }
    expect(statSync(spoolFolder).mode & 0o777).toBe(0o700);
    await comeBack();
  });

  it('a report without the wish to be kept fails and leaves nothing behind', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    await server.stop();
    await expect(worker.report(build, { state: 10 })).rejects.toThrow(UnreachableError);
    expect(await worker.spool.waiting()).toEqual([]);
    await comeBack();
  });

  it('variables fail instead of lying on the disk', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    await server.stop();
    await worker.report(build, { state: 10 }, spool);
    const secret = { variableKey: 'password', variableValue: 'canary-5d1e', isSensitive: true };
    await expect(worker.variables.set(build, secret)).rejects.toThrow(UnreachableError);
    expect(
      filesBelow(spoolFolder)
        .map((file) => readFileSync(file, 'utf8'))
        .join(),
    ).not.toContain('canary');
    await comeBack();
  });

  it('says so when the disk does not take the report either', async () => {
    const file = join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    const worker = await client({ spoolFolder: join(file, 'spool') });
    const build = await newBuild(worker);
    expect((await worker.report(build, { state: 5 }, spool)).delivered).toBe(true);
    await server.stop();
    const refused = worker.report(build, { state: 10 }, spool);
    await expect(refused).rejects.toThrow(/cannot be reached.* could not be kept on disk either: .*ENOTDIR/);
    await comeBack();
  });
});

describe('when the server is back', () => {
  it('the next connection delivers what waits, in order, once, with the times at which it happened', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    await server.stop();
    const before = new Date().toISOString();
    for (const state of [5, 10, 25]) await worker.report(build, { state }, spool);
    const after = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await comeBack();
    const next = await client();
    expect(await next.spool.waiting()).toEqual([]);
    expect(await history(next, build)).toEqual(['5 completed', '10 completed', '25 completed']);
    for (const { endTime } of await next.builds.attempts(build).all()) {
      expect(String(endTime) >= before && String(endTime) <= after).toBe(true);
    }
    expect(await next.spool.flush()).toEqual({ delivered: 0, rejected: 0, waiting: 0 });
  });

  it('the next report comes after those that wait', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    await server.stop();
    await worker.report(build, { state: 5 }, spool);
    await worker.report(build, { state: 10, status: 'started' }, spool);
    await comeBack();
    const outcome = await worker.report(build, { state: 10 });
    expect(outcome).toMatchObject({ delivered: true, answer: { currentState: 10, attempt: 1 } });
    expect(await history(worker, build)).toEqual(['5 completed', '10 completed']);
  });

  it('what waits under another name of the build is delivered first as well', async () => {
    const worker = await client();
    const { id, buildNumber } = await worker.builds.create({ project: 'spool' });
    await server.stop();
    await worker.report(`spool:${buildNumber}`, { state: 5 }, spool);
    await comeBack();
    await worker.report(id, { state: 10 });
    expect(await history(worker, id)).toEqual(['5 completed', '10 completed']);
    expect(await worker.spool.waiting()).toEqual([]);
  });

  it('a report that was taken before its answer was lost counts once', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    const { nodeTransport } = await import('../../src/http/node-transport.ts');
    const inner = nodeTransport(undefined);
    const deaf = await client({
      flushSpool: false,
      transport: {
        async send(request) {
          const response = await inner.send(request);
          if (request.method === 'GET') return response;
          await response.body[Symbol.asyncIterator]().return?.();
          throw Object.assign(new Error('cut'), { code: 'ECONNRESET' });
        },
        close: () => inner.close(),
      },
    });
    expect((await deaf.report(build, { state: 10, status: 'failed' }, spool)).delivered).toBe(false);
    expect(await history(worker, build)).toEqual(['10 failed']);
    expect(await worker.spool.flush()).toMatchObject({ delivered: 1, waiting: 0 });
    expect(await history(worker, build)).toEqual(['10 failed']);
  });

  it('a report that is refused is set aside with its reason, and holds up no other', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    const other = await newBuild(worker);
    await worker.report(build, { state: 50, status: 'failed' });
    await server.stop();
    await worker.report(build, { state: 60, message: 'not so' }, spool);
    await worker.report(build, { state: 50, status: 'started' }, spool);
    await worker.report(other, { state: 10 }, spool);
    await comeBack();
    const next = await client();
    expect(await history(next, build)).toEqual(['50 failed', '50 in_progress']);
    expect(await history(next, other)).toEqual(['10 completed']);
    const [rejected, ...more] = await next.spool.rejected();
    expect(more).toEqual([]);
    expect(rejected).toMatchObject({ build, state: 60, code: 'illegal_transition' });
    expect(rejected?.reason).toMatch(/50/);
    expect(await next.spool.dismiss('00000000-0000-4000-8000-000000000000')).toBe(0);
    expect(await next.spool.dismiss(rejected?.eventId)).toBe(1);
    expect(await next.spool.rejected()).toEqual([]);
  });

  it('a lease is given up only after the reports that were made under it have arrived', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    const lease = await worker.leases.acquire(build);
    await worker.report(build, { state: 10, status: 'started', leaseToken: lease.token });
    await server.stop();
    await worker.report(build, { state: 10, leaseToken: lease.token }, spool);
    await comeBack();
    await lease.release();
    expect(await history(worker, build)).toEqual(['10 completed']);
    expect(await worker.spool.rejected()).toEqual([]);
    expect((await worker.builds.get(build)).lease).toBeNull();
  });

  it('a report of a worker that was fenced out meanwhile changes nothing', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    const lease = await worker.leases.take(build, { ttlSeconds: 1 });
    await server.stop();
    await worker.report(build, { state: 10, leaseToken: lease.token }, spool);
    await comeBack();
    const other = await client({ flushSpool: false });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await using taken = await other.leases.acquire(build);
    expect(await worker.spool.flush()).toMatchObject({ delivered: 0, rejected: 1, waiting: 0 });
    expect(await history(other, build)).toEqual([]);
    expect(taken.token).toBeGreaterThan(lease.token);
    expect((await worker.spool.rejected())[0]?.code).toBe(new LeaseLostError('').code);
  });
});

describe('a key that the server does not accept (any more)', () => {
  it('leaves what waits for a better one', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    await server.stop();
    await worker.report(build, { state: 10 }, spool);
    await comeBack();
    const stranger = await client({ apiKey: 'readonly-key-888' });
    const flushed = await stranger.spool.flush();
    expect(flushed).toMatchObject({ delivered: 0, rejected: 0, waiting: 1, reason: { code: 'forbidden' } });
    expect(await (await client()).spool.waiting()).toEqual([]);
  });
});

describe('a folder that others have written to', () => {
  it('loses no report to a file that is none', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    await server.stop();
    await worker.report(build, { state: 10 }, spool);
    const waiting = filesBelow(spoolFolder)[0] ?? '';
    writeFileSync(waiting.replace(/\/0000000001-/, '/0000000000-'), '{"version":1,"operation":"deleteBuild"');
    await comeBack();
    const next = await client();
    expect(await history(next, build)).toEqual(['10 completed']);
    expect(await next.spool.waiting()).toEqual([]);
    expect(filesBelow(spoolFolder).filter((file) => file.endsWith('.unreadable'))).toHaveLength(1);
  });

  it('is not shared between trackers', async () => {
    const worker = await client();
    const build = await newBuild(worker);
    const other = await liveServer({ store: 'memory:' });
    await server.stop();
    await worker.report(build, { state: 10 }, spool);
    const elsewhere = await connect(other.url, { apiKey: adminKey, env: {}, spoolFolder });
    expect(await elsewhere.spool.waiting()).toEqual([]);
    await elsewhere.close();
    await other.remove();
    await comeBack();
  });
});
