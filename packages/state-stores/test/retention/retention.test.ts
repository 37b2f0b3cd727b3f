import { type StateStore, UnavailableError } from '@buildstate/core';
import { expect, test } from 'vitest';
import { createMemoryStore } from '../../src/memory/index.ts';
import { newWorld, type World } from './world.ts';

/** What is looked at here of figures over attempts. */
interface Trends {
  readonly failures: number;
  readonly buildsTrimmed: number;
}

const inMemory = () => newWorld(async (clock) => createMemoryStore({ clock }));

/** A build that is worked on for three weeks and completed. */
async function delivered(world: World): Promise<string> {
  const id = await world.build();
  await world.report(id, { state: 10, status: 'completed' });
  await world.report(id, { state: 20, status: 'started' });
  await world.report(id, { state: 20, status: 'failed', error_message: 'broken' });
  await world.pass(8);
  await world.report(id, { state: 20, status: 'completed' });
  await world.pass(14);
  await world.report(id, { state: 100, status: 'completed' });
  return id;
}

test('a year in the life of a build: full for 30 days, snapshots for a year, then its record alone', async () => {
  const world = await inMemory();
  const id = await delivered(world);
  const before = await world.look(id);
  await world.pass(29.9);
  expect(await world.retain()).toBeUndefined();
  expect(await world.look(id)).toEqual(before);
  await world.pass(0.2);
  expect(await world.retain()).toBe('1 history became snapshots, and snapshots of 0 builds went');
  const trimmed = await world.look(id);
  expect(trimmed).toMatchObject({ history: 'snapshots', problems: [], attempts: 0 });
  expect(trimmed.events.map(({ type, seq }) => [type, seq])).toEqual([
    ['build.trimmed', before.events.length + 1],
  ]);
  const data = trimmed.events[0]?.data ?? {};
  expect(data).toMatchObject({ keeps: 'snapshots', removed: { attempts: 4, events: before.events.length } });
  const end = before.events.at(-1);
  expect(data.checkpoint).toMatchObject({ seq: end?.seq, hash: end?.hash });
  expect(data.snapshots).toMatchObject([
    {
      week: 1,
      status: 'failed',
      current_state: 20,
      states: [
        { state: 10, status: 'completed' },
        { state: 20, status: 'failed', attempts: 1, failures: 1 },
      ],
    },
    {
      week: 2,
      status: 'running',
      states: [{ state: 10 }, { state: 20, status: 'completed', attempts: 2, failures: 1 }],
    },
    { week: 4, status: 'completed', current_state: 100, hash: end?.hash },
  ]);
  expect(await world.retain()).toBeUndefined();
  await world.pass(364.8);
  expect(await world.retain()).toBeUndefined();
  await world.pass(0.2);
  expect(await world.retain()).toBe('0 histories became snapshots, and snapshots of 1 build went');
  const bare = await world.look(id);
  expect(bare).toMatchObject({ history: 'none', problems: [] });
  expect(bare.events.map(({ data }) => data.keeps)).toEqual(['none']);
  expect(await world.retain()).toBeUndefined();
  const shown = await world.call('getBuild', { params: { build_id: id } });
  expect(shown).toMatchObject({ id, status: 'completed', currentState: 100, history: 'none' });
});

test('figures over attempts say how many builds they cannot count any more', async () => {
  const world = await inMemory();
  await delivered(world);
  const trends = async (period: string) => {
    const query = { period };
    const durations = (await world.call('getDurationTrends', { query })) as Trends;
    const failures = (await world.call('getFailureTrends', { query })) as Trends;
    expect(durations.buildsTrimmed).toBe(failures.buildsTrimmed);
    return [failures.failures, failures.buildsTrimmed];
  };
  await world.pass(20);
  await delivered(world);
  expect(await trends('90d')).toEqual([2, 0]);
  await world.pass(15);
  await world.retain();
  expect(await trends('90d')).toEqual([1, 1]);
  expect(await trends('30d')).toEqual([0, 0]);
});

test('builds that can go on keep everything, however long they lie', async () => {
  const world = await inMemory();
  const failed = await world.build();
  await world.report(failed, { state: 10, status: 'failed', error_message: 'broken' });
  const running = await world.build();
  await world.report(running, { state: 10, status: 'started' });
  const pending = await world.build();
  await world.pass(2000);
  expect(await world.due()).toEqual([]);
  expect(await world.retain()).toBeUndefined();
  for (const id of [failed, running, pending]) expect((await world.look(id)).history).toBe('full');
  // And they do go on, after years.
  await world.call('retryBuild', { params: { build_id: failed }, body: {} });
  await world.report(failed, { state: 10, status: 'completed' });
});

test('cancelled and deleted builds have ended as well', async () => {
  const world = await inMemory();
  const cancelled = await world.build();
  await world.call('cancelBuild', { params: { build_id: cancelled }, body: {} });
  const deleted = await world.build();
  await world.report(deleted, { state: 10, status: 'failed', error_message: 'broken' });
  await world.call('deleteBuild', { params: { build_id: deleted } });
  await world.pass(31);
  await world.retain();
  for (const id of [cancelled, deleted])
    expect(await world.look(id)).toMatchObject({ history: 'snapshots', problems: [] });
});

test('a build keeps everything while a branch of it, or a branch of that, can go on', async () => {
  const world = await inMemory();
  const parent = await delivered(world);
  const child = await delivered(world);
  const grandchild = await world.build();
  const adopt = async (id: string, parentBuildId: string) => {
    const whole = await world.store.loadWholeBuild(id);
    const loaded = await world.store.loadBuild(id);
    if (whole === undefined || loaded === undefined) throw new Error('not there');
    const { project: _, ...head } = loaded.snapshot;
    await world.store.commitBuild({
      ...{ states: [], attempts: [], artifacts: [], variables: [], resumeRequests: [], jobs: [], events: [] },
      expected: { version: head.build.version },
      head: { ...head, build: { ...head.build, parentBuildId, version: head.build.version + 1 } },
      leaseChanged: false,
    });
  };
  await adopt(child, parent);
  await adopt(grandchild, child);
  await world.pass(60);
  expect((await world.due()).map(({ build, neededBy }) => [build.id, neededBy?.id])).toEqual([
    [parent, grandchild],
    [child, grandchild],
  ]);
  await world.retain();
  expect((await world.look(parent)).history).toBe('full');
  await world.call('cancelBuild', { params: { build_id: grandchild }, body: {} });
  await world.retain();
  expect((await world.look(parent)).history).toBe('snapshots');
  expect((await world.look(child)).history).toBe('snapshots');
});

test('what a build made stays: final, pinned and plain artifacts, and who asks by a late report is told', async () => {
  const world = await inMemory();
  const id = await world.build();
  const event_id = '01999999-0000-7000-8000-000000000001';
  await world.report(id, { state: 10, status: 'completed', event_id });
  const body = {
    artifact_name: 'image',
    artifact_type: 'ami',
    artifact_path: 'ami-1',
    storage_backend: 'aws',
    state_code: 10,
  };
  await world.call('registerArtifact', { params: { build_id: id }, body });
  await world.report(id, { state: 100, status: 'completed' });
  await world.pass(31);
  await world.retain();
  const artifacts = await world.call('listArtifacts', { params: { build_id: id }, query: {} });
  expect(artifacts).toMatchObject([{ artifactName: 'image' }]);
  await expect(world.report(id, { state: 10, status: 'completed', event_id })).rejects.toMatchObject({
    code: 'build_closed',
  });
  const again = world.call('createBuild', { body: { project: 'linux', build_number: '1' } });
  await expect(again).rejects.toMatchObject({ code: 'already_exists', context: { build_id: id } });
});

/** A store that dies before the n-th of the calls that retention writes with, and stays dead. */
function dying(store: StateStore, n: number): StateStore {
  let calls = 0;
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      const written = name === 'commitBuild' || name === 'trimHistory';
      return async (...args: unknown[]) => {
        if (written) calls += 1;
        if (calls >= n) throw new UnavailableError('The process died.');
        return Reflect.apply(member, target, args);
      };
    },
  });
}

test('it goes on after a crash between any two steps, and comes to the same', async () => {
  for (let n = 1; n <= 6; n += 1) {
    const world = await inMemory();
    const ids = [await delivered(world), await delivered(world)];
    await world.pass(60);
    const { store } = world;
    Object.assign(world.parts, { store: dying(store, n) });
    const crashed = await world.retain().then(
      () => false,
      () => true,
    );
    expect(crashed).toBe(n <= 4);
    for (const id of ids) expect((await world.look(id)).problems).toEqual([]);
    Object.assign(world.parts, { store });
    await world.retain();
    for (const id of ids) {
      const { history, problems, events } = await world.look(id);
      expect({ history, problems, types: events.map(({ type }) => type) }).toEqual({
        ...{ history: 'snapshots', problems: [], types: ['build.trimmed'] },
      });
    }
  }
});

test('two at once come to the same as one', async () => {
  const world = await inMemory();
  const ids = [await delivered(world), await delivered(world), await delivered(world)];
  await world.pass(60);
  await Promise.all([world.retain(), world.retain()]);
  for (const id of ids) {
    const { history, problems, events } = await world.look(id);
    expect({ history, problems, count: events.length }).toEqual({
      history: 'snapshots',
      problems: [],
      count: 1,
    });
  }
});

test('a chain whose checkpoint was made up is found out', async () => {
  const world = await inMemory();
  const id = await delivered(world);
  await world.pass(31);
  await world.retain();
  const whole = await world.store.loadWholeBuild(id);
  if (whole === undefined) throw new Error('not there');
  const { checkWholeBuild } = await import('../../src/moving/check-build.ts');
  const foreign = { ...world.parts.crypto.keys, available: true, verify: () => false };
  expect([...checkWholeBuild(whole, { keyRing: foreign })]).toEqual([
    expect.stringContaining('has a checkpoint that the key ring did not sign'),
  ]);
  const cut = { ...whole, events: [] };
  expect([...checkWholeBuild(cut)]).toEqual([expect.stringContaining('is missing')]);
});
