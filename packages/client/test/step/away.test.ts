import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BuildStateClient } from '../../src/client.ts';
import { connect } from '../../src/connect/connect.ts';
import { readBuildFile } from '../../src/run/file/read-build-file.ts';
import { runBuild } from '../../src/run/run-build.ts';
import { type LiveServer, liveServer } from '../support/live-server.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';
import { type Bench, bench, history, newBuild, step } from './workbench.ts';

/** A server that can go away and come back at the same place, and clients that share a spool. */
async function comingAndGoing() {
  let server: LiveServer = await liveServer();
  const { url, port, dataDir } = server;
  const spoolFolder = temporaryFolder();
  onTestFinished(() => server.remove());
  const client = async (): Promise<BuildStateClient> => {
    const connected = await connect(url, {
      apiKey: 'dev-key-12345',
      env: { HOME: spoolFolder },
      spoolFolder,
      transport: 'node',
      retry: { tries: 1 },
      timeouts: { tryMs: 2000, totalMs: 3000 },
    });
    onTestFinished(() => connected.close());
    return connected;
  };
  return {
    url,
    client,
    goAway: () => server.stop(),
    comeBack: async () => {
      server = await liveServer({ port, dataDir });
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

describe('a step while the server is away', () => {
  it('runs without a lease, says so, and its reports arrive later, in order, once', async () => {
    const world = await comingAndGoing();
    const client = await world.client();
    const build = await newBuild(client);
    await world.goAway();
    const around = bench(client);
    expect(await step(around, build, 10, 'echo ten')).toEqual({ outcome: 'completed', exitCode: 0 });
    expect(await step(around, build, 20, 'exit 4')).toMatchObject({ outcome: 'failed', exitCode: 4 });
    expect(await step(around, build, 20, 'true')).toMatchObject({ outcome: 'completed' });
    expect(around.stdout.text).toBe('ten\n');
    expect(around.said.join('\n')).toContain('without a lease');
    expect((await client.spool.waiting()).map(({ state, status }) => `${state} ${status}`)).toEqual([
      '10 in_progress',
      '10 completed',
      '20 in_progress',
      '20 failed',
      '20 in_progress',
      '20 completed',
    ]);
    await world.comeBack();
    const later = await world.client();
    expect(await history(later, build)).toEqual(['10 completed', '20 failed', '20 completed']);
    expect(await later.spool.waiting()).toEqual([]);
    expect(await later.spool.rejected()).toEqual([]);
    expect((await step(bench(later), build, 10, 'echo ten')).outcome).toBe('skipped');
  });

  it('keeps the bytes that it makes on this machine', async () => {
    const world = await comingAndGoing();
    const client = await world.client();
    const build = await newBuild(client);
    await world.goAway();
    const around = bench(client);
    const produces = [
      { name: 'image', path: 'a.img' },
      { name: 'log', path: 'a.log' },
    ];
    expect(
      (await step(around, build, 10, 'echo image > a.img; echo log > a.log', { produces })).outcome,
    ).toBe('completed');
    expect(around.said.join('\n')).toContain(around.fallbackFolder);
    expect(around.said.join('\n')).toContain('bldst artifact upload');
    await world.comeBack();
    const later = await world.client();
    const artifacts = await later.artifacts.list(build).all();
    expect(artifacts).toMatchObject([{ artifactName: 'image', stateCode: 10 }]);
    const elsewhere = bench(later);
    await step(elsewhere, build, 20, 'cat a.img', { needs: [{ name: 'image' }] });
    expect(elsewhere.stdout.text).toBe('image\n');
  });

  it('goes on when the server goes away in the middle', async () => {
    const world = await comingAndGoing();
    const client = await world.client();
    const build = await newBuild(client);
    const around = bench(client);
    const running = step(around, build, 10, 'echo ready; while ! test -e go; do sleep 0.05; done', {
      ttlSeconds: 1,
    });
    await until(() => around.stdout.text !== '');
    await world.goAway();
    // Longer than the lease lives: the tracker cannot say that anybody else holds the build.
    await sleep(1500);
    writeFiles(around.folder, { go: '' });
    expect(await running).toEqual({ outcome: 'completed', exitCode: 0 });
    await world.comeBack();
    const later = await world.client();
    expect(await history(later, build)).toEqual(['10 completed']);
    expect(await later.spool.rejected()).toEqual([]);
  });

  it('does not stand in the way of the steps after it: its lease is given up in its turn', async () => {
    const world = await comingAndGoing();
    const client = await world.client();
    const build = await newBuild(client);
    const around = bench(client);
    const running = step(around, build, 10, 'echo ready; while ! test -e go; do sleep 0.05; done');
    await until(() => around.stdout.text !== '');
    await world.goAway();
    writeFiles(around.folder, { go: '' });
    expect((await running).outcome).toBe('completed');
    expect((await step(around, build, 20, 'true')).outcome).toBe('completed');
    expect((await client.spool.waiting()).map(({ operation }) => operation)).toEqual([
      'recordState',
      'releaseLease',
      'recordState',
      'recordState',
    ]);
    await world.comeBack();
    const later = await world.client();
    expect(await history(later, build)).toEqual(['10 completed', '20 completed']);
    expect(await later.spool.rejected()).toEqual([]);
    expect((await later.builds.get(build)).lease).toBeNull();
  });

  it('records nothing when somebody took over while it could not be told', async () => {
    const world = await comingAndGoing();
    const client = await world.client();
    const build = await newBuild(client);
    const around = bench(client);
    const running = step(around, build, 10, 'echo ready; while ! test -e go; do sleep 0.05; done', {
      ttlSeconds: 1,
      produces: [{ name: 'image', path: 'go' }],
    });
    await until(() => around.stdout.text !== '');
    await world.goAway();
    await sleep(1200);
    writeFiles(around.folder, { go: '' });
    expect((await running).outcome).toBe('completed');
    await world.comeBack();
    const other = await connect(world.url, {
      apiKey: 'dev-key-12345',
      env: {},
      spoolFolder: temporaryFolder(),
      transport: 'node',
    });
    onTestFinished(() => other.close());
    expect((await step(bench(other), build, 10, 'true')).outcome).toBe('completed');
    const later = await world.client();
    expect(await history(later, build)).toEqual(['10 abandoned', '10 completed']);
    expect(await later.spool.rejected()).toMatchObject([{ status: 'completed', code: 'lease_lost' }]);
    expect(await later.artifacts.list(build).all()).toEqual([]);
  });

  it('is refused with strict, and when it needs what cannot be proven', async () => {
    const world = await comingAndGoing();
    const client = await world.client();
    const build = await newBuild(client);
    await world.goAway();
    const around = bench(client);
    await expect(step({ ...around, strict: true }, build, 10, 'echo ran')).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await expect(step(around, build, 10, 'echo ran', { needs: [{ name: 'image' }] })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    await expect(step(around, build, 'kickstart', 'echo ran')).rejects.toMatchObject({ kind: 'not_found' });
    expect(around.stdout.text).toBe('');
    expect(await client.spool.waiting()).toEqual([]);
  });
});

describe('a run whose server goes away in the middle', () => {
  const yaml = `project: images
states:
  - code: 10
    run: echo base > base.img; echo ready; while ! test -e go; do sleep 0.05; done; echo "release=7" >> "$BLDST_OUTPUT"
    produces: { base: base.img }
  - code: 20
    needs: { base: hardened.img }
    run: echo hardened >> hardened.img
    produces: { hardened: hardened.img }
  - code: 100
    needs: [hardened, base]
    run: cat hardened.img base.img; echo "release $BLDST_VAR_RELEASE"
`;

  async function runHere(around: Bench) {
    writeFiles(around.folder, { 'buildstate.yaml': yaml });
    return runBuild(around, { file: await readBuildFile('buildstate.yaml', around.folder, {}) });
  }

  it('goes on with what it has made itself', async () => {
    const world = await comingAndGoing();
    const client = await world.client();
    const around = bench(client);
    const running = runHere(around);
    await until(() => around.stdout.text.includes('ready'));
    await world.goAway();
    writeFiles(around.folder, { go: '' });
    expect(await running).toMatchObject({ outcome: 'completed', exitCode: 0, completed: [10, 20, 100] });
    expect(around.stdout.text).toBe('ready\nbase\nhardened\nbase\nrelease 7\n');
    await world.comeBack();
    const later = await world.client();
    const [build] = await later.builds.list().all();
    expect(build?.status).toBe('completed');
    expect(await history(later, build?.id ?? '')).toEqual(['10 completed', '20 completed', '100 completed']);
    expect(await later.spool.rejected()).toEqual([]);
  });
});
