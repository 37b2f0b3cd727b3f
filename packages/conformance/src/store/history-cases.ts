import type { Build, BuildHead, EndedBuildQuery, StateStore, WholeBuild } from '@buildstate/core';
import { expect, test } from 'vitest';
import { newId } from '../fixtures/ids.ts';
import { makeArtifact, makeAttempt, makeJob, makeResumeRequest, makeVariable } from '../fixtures/rows.ts';
import { BenchError, type StoreBench } from './bench.ts';

const end = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();

/** All that is left of a build must be as it was. */
function expectRemains(before: WholeBuild, after: WholeBuild, seq: number, history: Build['history']): void {
  const { head } = before;
  expect(after).toEqual({
    head: { ...head, build: { ...head.build, history } },
    artifacts: before.artifacts,
    events: before.events.filter((event) => event.seq > seq),
    reports: before.reports.filter(({ eventId }) => !before.attempts.some((row) => row.eventId === eventId)),
    ...{ attempts: [], variables: [], variableHistory: [], resumeRequests: [], jobs: [] },
  });
}

/** Builds that have ended let go of their history, in small steps. */
export function historyCases(bench: StoreBench): void {
  const whole = async (id: string, store: StateStore = bench.store): Promise<WholeBuild> => {
    const found = await store.loadWholeBuild(id);
    if (found === undefined) throw new BenchError(`build ${id} is not there`);
    return found;
  };

  /** A build with some of everything, and how it is. */
  const worked = async (fields: Partial<Build>, rows = 3): Promise<BuildHead> => {
    let head = await bench.create();
    const { id } = head.build;
    for (let round = 0; round < rows; round += 1) {
      const attempt = makeAttempt(id, { state: 10 });
      head = await bench.commit(head, {
        attempts: [attempt],
        artifacts: [makeArtifact(id)],
        variables: [makeVariable(id)],
        resumeRequests: [makeResumeRequest(id, { orchestrationStatus: 'completed' })],
        jobs: [makeJob(id)],
        report: { eventId: attempt.eventId, answer: { body: 'for an attempt' } },
      });
    }
    const variable = makeVariable(id);
    head = await bench.commit(head, { variables: [variable] });
    head = await bench.commit(head, { variables: [{ ...variable, variableValue: 'another' }] });
    head = await bench.commit(head, { report: { eventId: newId(), answer: { body: 'for something else' } } });
    return bench.commit(head, { build: fields });
  };

  const cutAll = async (
    id: string,
    upToSeq: number,
    limit = 100,
    history: Build['history'] = 'snapshots',
  ) => {
    let steps = 1;
    while (!(await bench.store.trimHistory(id, { upToSeq, history, limit }))) steps += 1;
    return steps;
  };

  const ended = async (query: Partial<EndedBuildQuery> = {}, store = bench.store) =>
    (await store.listEndedBuilds({ history: 'full', endedBefore: end(20), limit: 50, ...query })).items.map(
      ({ id }) => id,
    );

  test('lists builds that have ended by their end, deleted ones too, and no others', async () => {
    const at = (day: number, fields: Partial<Build> = {}) =>
      worked({ status: 'completed', endTime: end(day), ...fields }, 0);
    const [late, early] = [await at(12), await at(10)];
    const cancelled = await at(11, { status: 'cancelled' });
    const deleted = await at(13, { status: 'failed', deletedAt: end(13) });
    await at(20);
    await worked({ status: 'failed', failedState: 10 }, 0);
    await bench.create();
    const ids = [early, cancelled, late, deleted].map(({ build }) => build.id);
    expect(await ended()).toEqual(ids);
    expect(await ended({}, await bench.another())).toEqual(ids);
    const first = await bench.store.listEndedBuilds({ history: 'full', endedBefore: end(20), limit: 3 });
    expect(first.items).toEqual([early.build, cancelled.build, late.build]);
    expect(await ended({ cursor: first.next, limit: 3 })).toEqual([deleted.build.id]);
    expect(await ended({ history: 'snapshots' })).toEqual([]);
  });

  test('removes the history of a build that has ended, and keeps everything else', async () => {
    const head = await worked({ status: 'completed', endTime: end(10) });
    const other = await worked({ status: 'completed', endTime: end(11) });
    const { id } = head.build;
    const [before, untouched] = [await whole(id), await whole(other.build.id)];
    await cutAll(id, head.chain.seq - 1);
    expectRemains(before, await whole(id), head.chain.seq - 1, 'snapshots');
    expect(await whole(other.build.id)).toEqual(untouched);
    expect(await ended()).toEqual([other.build.id]);
    expect(await ended({ history: 'snapshots' }, await bench.another())).toEqual([id]);
    const [listed] = (await bench.store.listBuilds({ limit: 1, q: head.build.buildNumber })).items;
    expect(listed).toEqual({ ...head.build, history: 'snapshots' });
    expect((await bench.store.listAttempts(id, { limit: 10 })).items).toEqual([]);
    expect((await bench.store.listEvents(id, { limit: 10 })).items).toEqual(before.events.slice(-1));
    const found = await bench.store.searchAttempts({ limit: 50 });
    expect(found.items.filter(({ build }) => build.id === id)).toEqual([]);
    expect(
      (await bench.store.searchArtifacts({ limit: 50 })).items.filter(({ build }) => build.id === id),
    ).toHaveLength(before.artifacts.length);
  });

  test('takes few rows at a time, and goes on where it was left', async () => {
    const head = await worked({ status: 'cancelled', endTime: end(10) }, 12);
    const { id } = head.build;
    const before = await whole(id);
    expect(before.events.length).toBeGreaterThan(12);
    const cut = { upToSeq: head.chain.seq - 1, history: 'snapshots', limit: 3 } as const;
    if (!(await bench.store.trimHistory(id, cut))) {
      const half = await whole(id);
      expect(half.head.build.history).toBe('full');
      for (const list of ['attempts', 'jobs', 'variables', 'resumeRequests', 'events'] as const)
        expect(before[list].length - half[list].length).toBe(3);
      expect(half.events).toEqual(before.events.slice(3));
      expect(await ended()).toEqual([id]);
    }
    await cutAll(id, cut.upToSeq, cut.limit);
    expectRemains(before, await whole(id), cut.upToSeq, 'snapshots');
  });

  test('does nothing more when it is done again', async () => {
    const head = await worked({ status: 'completed', endTime: end(10) });
    const { id } = head.build;
    await cutAll(id, head.chain.seq - 1);
    const once = await whole(id);
    expect(await cutAll(id, head.chain.seq - 1)).toBe(1);
    expect(await whole(id)).toEqual(once);
    await cutAll(id, head.chain.seq - 1, 100, 'none');
    expect((await whole(id)).head.build.history).toBe('none');
    expect(await ended({ history: 'snapshots', endedBefore: end(30) })).toEqual([]);
  });

  test('leaves builds alone that can go on, and says that there is nothing to do', async () => {
    const heads = [
      await worked({ status: 'failed', failedState: 10 }),
      await worked({ status: 'running' }),
      await worked({ status: 'pending' }),
    ];
    for (const head of heads) {
      const before = await whole(head.build.id);
      const cut = { upToSeq: head.chain.seq, history: 'snapshots', limit: 100 } as const;
      expect(await bench.store.trimHistory(head.build.id, cut)).toBe(true);
      expect(await whole(head.build.id)).toEqual(before);
    }
    expect(await bench.store.trimHistory(newId(), { upToSeq: 1, history: 'none', limit: 1 })).toBe(true);
  });

  test('lets a build be changed, loaded and put back afterwards', async () => {
    const head = await worked({ status: 'completed', endTime: end(10) });
    const { id } = head.build;
    await cutAll(id, head.chain.seq - 1);
    const loaded = (await bench.load(id)).snapshot;
    const { project: _, ...now } = loaded;
    await bench.commit(now, { artifacts: [makeArtifact(id)] });
    const after = await whole(id);
    expect(after.events).toHaveLength(2);
    expect(after.head.build.history).toBe('snapshots');
    expect(after.head.chain.seq).toBe(head.chain.seq + 1);
  });

  if (bench.traits.capabilities.durable) {
    test('has let go of it after it was closed and opened again', async () => {
      const head = await worked({ status: 'completed', endTime: end(10) });
      const { id } = head.build;
      await cutAll(id, head.chain.seq - 1);
      const before = await whole(id);
      const store = await bench.reopen();
      expect(await whole(id, store)).toEqual(before);
      expect(await ended({ history: 'snapshots' }, store)).toEqual([id]);
    });
  }
}
