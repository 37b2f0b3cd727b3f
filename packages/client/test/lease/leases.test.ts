import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LeaseLostError, StateInProgressError } from '@buildstate/core';
import { currentIdentity } from '@buildstate/node-runtime';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type BuildStateClient, connect } from '../../src/index.ts';
import { adminKey, type LiveServer, liveServer } from '../support/live-server.ts';

let server: LiveServer;
beforeAll(async () => {
  server = await liveServer({ store: 'memory:' });
});
afterAll(() => server.remove());

async function worker(reporter: string): Promise<BuildStateClient> {
  const client = await connect(server.url, { apiKey: adminKey, env: {}, reporter, flushSpool: false });
  onTestFinished(() => client.close());
  return client;
}

async function newBuild(client: BuildStateClient): Promise<string> {
  return (await client.builds.create({ project: 'leases' })).id;
}

/** A worker process that holds a build; killed with its lease when the test ends at the latest. */
async function deadHolder(build: string): Promise<{ readonly token: number; kill(): Promise<void> }> {
  const script = fileURLToPath(new URL('./hold-and-die.ts', import.meta.url));
  const args = ['--conditions=@buildstate/source', script, server.url, build, adminKey];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  onTestFinished(kill);
  const [line] = await once(child.stdout, 'data');
  return { token: Number(String(line)), kill };
}

describe('a lease on a live server', () => {
  it('goes to exactly one of two workers that want the same build', async () => {
    const [a, b] = [await worker('a'), await worker('b')];
    const build = await newBuild(a);
    const results = await Promise.allSettled([a.leases.acquire(build), b.leases.acquire(build)]);
    const [won, ...others] = results.filter((result) => result.status === 'fulfilled');
    expect(others).toEqual([]);
    const lost = results.find((result) => result.status === 'rejected');
    expect(lost?.reason).toBeInstanceOf(StateInProgressError);
    expect(lost?.reason.context.lease).toMatchObject({ holder: won?.value.holder, token: won?.value.token });
    await won?.value.release();
  });

  it('passes on with a higher token when it is released, and shuts out the worker that held it before', async () => {
    const [a, b] = [await worker('a'), await worker('b')];
    const build = await newBuild(a);
    const first = await a.leases.acquire(build);
    await first.release();
    await using second = await b.leases.acquire(build);
    expect(second.token).toBe(first.token + 1);
    const late = { state: 10, leaseToken: first.token };
    await expect(a.report(build, late, { spool: true })).rejects.toThrow(LeaseLostError);
    expect((await b.report(build, { state: 10, leaseToken: second.token })).delivered).toBe(true);
  });

  it('is renewed in the background for longer than its time-to-live', async () => {
    const client = await worker('a');
    const build = await newBuild(client);
    await using lease = await client.leases.acquire(build, { ttlSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1600));
    expect((await client.builds.get(build)).lease?.token).toBe(lease.token);
    expect(lease.signal.aborted).toBe(false);
  });

  it('tells its holder when the build is cancelled', async () => {
    const client = await worker('a');
    const build = await newBuild(client);
    await using lease = await client.leases.acquire(build, { ttlSeconds: 1 });
    await client.builds.cancel(build);
    await once(lease.signal, 'abort');
    expect(lease.signal.reason).toBeInstanceOf(LeaseLostError);
  });

  it('is taken over at once from a process of this machine that was killed', async () => {
    const client = await worker('b');
    const build = await newBuild(client);
    const holder = await deadHolder(build);
    await expect(client.leases.acquire(build)).rejects.toThrow(StateInProgressError);
    await holder.kill();
    await expect(client.leases.acquire(build, { takeOverDead: false })).rejects.toThrow(StateInProgressError);
    await using lease = await client.leases.acquire(build);
    expect(lease.token).toBe(holder.token + 1);
    const [attempt] = await client.builds.attempts(build).all();
    expect(attempt).toMatchObject({ state: 10, status: 'abandoned', closedBy: 'holder_gone' });
  });

  it('goes to exactly one of several workers that find the same dead holder', async () => {
    const workers = await Promise.all(['a', 'b', 'c', 'd'].map(worker));
    const build = await newBuild(workers[0] as BuildStateClient);
    const holder = await deadHolder(build);
    await holder.kill();
    const results = await Promise.allSettled(workers.map((client) => client.leases.acquire(build)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'fulfilled') await result.value.release();
      else expect(result.reason).toBeInstanceOf(StateInProgressError);
    }
  });

  it('is not taken from a holder that may live, on another machine', async () => {
    const [a, b] = [await worker('a'), await worker('b')];
    const build = await newBuild(a);
    const elsewhere = {
      ...currentIdentity(),
      host: 'elsewhere',
      machineId: 'm2',
      bootId: 'b2',
      pid: 2 ** 22,
    };
    await a.leases.take(build, { identity: elsewhere });
    await expect(b.leases.acquire(build)).rejects.toThrow(StateInProgressError);
  });

  it('can be taken, renewed and released by hand', async () => {
    const client = await worker('a');
    const build = await newBuild(client);
    const taken = await client.leases.take(build, { holder: 'by hand', ttlSeconds: 30 });
    expect(taken).toMatchObject({ holder: 'by hand', ttlSeconds: 30 });
    expect((await client.leases.renew(build, taken.token)).token).toBe(taken.token);
    await client.leases.release(build, taken.token);
    await expect(client.leases.renew(build, taken.token)).rejects.toThrow(LeaseLostError);
  });
});
