import { createMemoryStore } from '@buildstate/state-stores/memory';
import { describe, expect, test, vi } from 'vitest';
import { openTracker } from './open-tracker.ts';

const body = (state: number, status = 'completed') => ({ state, status, reportedBy: 'erika@buildhost' });

async function world() {
  const store = createMemoryStore();
  const tracker = await openTracker(() => store);
  const { door } = tracker;
  await door.call('createProject', { body: { name: 'linux' } });
  const made = async () =>
    (await door.call('createBuild', { body: { project: 'linux', createdBy: 'erika@buildhost' } })).body.id;
  const reporterOf = async (buildId: string) => {
    const { body: attempts } = await door.call('listAttempts', { params: { buildId } });
    return attempts.map(({ reportedBy }) => reportedBy);
  };
  return { store, door, made, reporterOf };
}

describe('names of those who act', () => {
  test('are looked for once, and not again with every transition', async () => {
    const { store, door, made } = await world();
    const params = { buildId: await made() };
    await door.call('recordState', { params, body: body(5) });
    const looks = [vi.spyOn(store, 'findActors'), vi.spyOn(store, 'loadActors'), vi.spyOn(store, 'addActor')];
    const ago = performance.now() + 1500;
    await vi.waitFor(() => expect(performance.now()).toBeGreaterThan(ago), { timeout: 60_000 });
    for (const state of [10, 15, 20, 25]) {
      await door.call('recordState', { params, body: body(state, 'started') });
      await door.call('recordState', { params, body: body(state) });
    }
    for (const look of looks) expect(look).not.toHaveBeenCalled();
  });

  test('stand in no event and in no row that a store keeps', async () => {
    const { store, door, made } = await world();
    const buildId = await made();
    await door.call('recordState', { params: { buildId }, body: body(5) });
    const text = JSON.stringify(await store.loadWholeBuild(buildId));
    expect(text).not.toContain('erika');
    expect(text).not.toContain('tester');
    expect(text).toMatch(/"reportedBy":"actor-[0-9a-f]{16}"/);
    expect(text).toMatch(/"actorId":"actor-[0-9a-f]{16}"/);
  });

  test('mean somebody new once they were erased', async () => {
    const { door, made, reporterOf } = await world();
    const old = await made();
    await door.call('recordState', { params: { buildId: old }, body: body(5) });
    const { body: erasure } = await door.call('eraseUser', {
      params: { userId: 'erika@buildhost' },
      body: {},
    });
    const next = await made();
    await door.call('recordState', { params: { buildId: next }, body: body(5) });
    expect(await reporterOf(next)).toEqual(['erika@buildhost']);
    expect(await reporterOf(old)).toEqual(erasure.users);
  });

  test('are recorded while somebody else is erased', async () => {
    const { store, door, made, reporterOf } = await world();
    const buildId = await made();
    const addActor = store.addActor.bind(store);
    const add = vi.spyOn(store, 'addActor').mockImplementationOnce(async (actor) => {
      const added = await addActor(actor);
      await door.call('eraseUser', { params: { userId: 'nobody@buildhost' }, body: {} });
      return added;
    });
    const report = { ...body(5), reportedBy: 'max@buildhost' };
    await door.call('recordState', { params: { buildId }, body: report });
    expect(add).toHaveBeenCalledOnce();
    expect(await reporterOf(buildId)).toEqual(['max@buildhost']);
  });

  test('are told in errors', async () => {
    const { door, made } = await world();
    const params = { buildId: await made() };
    await door.call('recordState', { params, body: body(5, 'started') });
    const other = { ...body(5, 'started'), reportedBy: 'max@buildhost' };
    await expect(door.call('recordState', { params, body: other })).rejects.toMatchObject({
      code: 'state_in_progress',
      message: expect.stringContaining('erika@buildhost started state 5'),
      context: { attempt: { reported_by: 'erika@buildhost' } },
    });
  });

  test('tell who goes on from somebody else', async () => {
    const { door, made, reporterOf } = await world();
    const buildId = await made();
    await door.call('recordState', { params: { buildId }, body: body(5, 'started') });
    await door.call('recordState', { params: { buildId }, body: body(5, 'started') });
    expect(await reporterOf(buildId)).toEqual(['erika@buildhost', 'erika@buildhost']);
  });
});
