import type { BuildChange, BuildHead, StateStore } from '@buildstate/core';
import { expect, test } from 'vitest';
import { makeChange, makeCreation, makeEvent } from '../fixtures/change.ts';
import { newId } from '../fixtures/ids.ts';
import { makeArtifact, makeAttempt, makeJob, makeResumeRequest, makeVariable } from '../fixtures/rows.ts';
import { loadHead, type StoreBench } from './bench.ts';

/** Every kind of row, so that one that slips through is seen. */
function fullChange(head: BuildHead): BuildChange {
  const { id } = head.build;
  return makeChange(head, {
    attempts: [makeAttempt(id)],
    artifacts: [makeArtifact(id)],
    variables: [makeVariable(id)],
    resumeRequests: [makeResumeRequest(id)],
    jobs: [makeJob(id)],
    report: { eventId: newId(), answer: {} },
  });
}

/** Commits one change after the other until `rounds` of them were applied; answers how often it lost. */
async function keepCommitting(store: StateStore, id: string, rounds: number): Promise<number> {
  let lost = 0;
  for (let applied = 0; applied < rounds; ) {
    const change = makeChange(await loadHead(store, id), { attempts: [makeAttempt(id)] });
    if ((await store.commitBuild(change)) === 'applied') applied += 1;
    else lost += 1;
  }
  return lost;
}

/** Compare-and-set: one wins, all or nothing, nothing is lost. */
export function conflictCases(bench: StoreBench): void {
  if (bench.traits.capabilities.guardsRecentHeads === true) {
    test('refuses a change that was decided on an older revision of the project, where it names one', async () => {
      const head = await bench.create();
      const { revision } = bench.project;
      const second = await bench.commit(head, {
        expected: { version: head.build.version, projectRevision: revision },
      });
      expect(await bench.store.saveProject({ ...bench.project, revision: revision + 1 }, revision)).toBe(
        true,
      );
      const expected = { version: second.build.version, projectRevision: revision };
      const change = { ...fullChange(second), expected };
      expect(await bench.store.commitBuild(change)).toBe('conflict');
      const { snapshot, attempts } = await bench.load(head.build.id, {
        attempts: { stateAbove: -1, statuses: ['completed', 'in_progress'] },
      });
      expect(snapshot).toMatchObject(second);
      expect(attempts).toEqual([]);
      const renewed = { ...change, expected: { ...expected, projectRevision: revision + 1 } };
      expect(await bench.store.commitBuild(renewed)).toBe('applied');
    });

    test('refuses a report that is known, with all that comes with it', async () => {
      const head = await bench.create();
      const report = { eventId: newId(), answer: { first: true } };
      const second = await bench.commit(head, { report });
      const again = { ...fullChange(second), report: { ...report, answer: { first: false } } };
      expect(await bench.store.commitBuild(again)).toBe('conflict');
      const loaded = await bench.load(head.build.id, { eventId: report.eventId, jobs: true });
      expect(loaded).toMatchObject({ answered: report, snapshot: second, jobs: [] });
    });
  }

  test('refuses a change that was decided on an older version', async () => {
    const head = await bench.create();
    const second = await bench.commit(head);
    expect(await bench.store.commitBuild(makeChange(head))).toBe('conflict');
    expect(await bench.store.commitBuild(makeChange(second, { expected: { version: 3 } }))).toBe('conflict');
    expect(await loadHead(bench.store, head.build.id)).toEqual({ ...second, project: bench.project });
  });

  test('writes nothing at all of a change that lost', async () => {
    const head = await bench.create();
    const { id } = head.build;
    await bench.commit(head);
    const lost = fullChange(head);
    expect(await bench.store.commitBuild(lost)).toBe('conflict');
    const loaded = await bench.load(id, {
      eventId: lost.report?.eventId,
      attempts: { stateAbove: -1, statuses: ['completed'] },
      artifacts: 'all',
      variables: true,
      resumeRequests: true,
      jobs: true,
    });
    expect(loaded.answered).toBeUndefined();
    const { attempts, artifacts, variables, resumeRequests, jobs } = loaded;
    expect([attempts, artifacts, variables, resumeRequests, jobs]).toEqual([[], [], [], [], []]);
    expect((await bench.store.listEvents(id, { limit: 10 })).items).toHaveLength(2);
    expect(await bench.store.findResumeRequest(lost.resumeRequests[0]?.id ?? '')).toBeUndefined();
  });

  test('applies exactly one of twenty changes that race', async () => {
    const stores = [bench.store, await bench.another()];
    const head = await bench.create();
    const eventIds = Array.from({ length: 20 }, newId);
    const racers = eventIds.map((eventId, racer) =>
      makeChange(head, {
        build: { description: `racer ${racer}` },
        report: { eventId, answer: racer },
      }),
    );
    const results = await Promise.all(
      racers.map((change, racer) => (stores[racer % 2] ?? bench.store).commitBuild(change)),
    );
    expect(results.filter((result) => result === 'applied')).toHaveLength(1);
    expect(results.filter((result) => result === 'conflict')).toHaveLength(19);
    const winner = results.indexOf('applied');
    for (const store of stores)
      expect((await loadHead(store, head.build.id)).build).toEqual(racers[winner]?.head.build);
    for (const [racer, eventId] of eventIds.entries()) {
      const { answered } = await bench.load(head.build.id, { eventId });
      expect(answered?.answer).toBe(racer === winner ? racer : undefined);
    }
  });

  test('creates exactly one of twenty builds that want the same number', async () => {
    const stores = [bench.store, await bench.another()];
    const racers = Array.from({ length: 20 }, () =>
      makeCreation(bench.project, { build: { buildNumber: 'wanted' } }),
    );
    const results = await Promise.all(
      racers.map((change, racer) => (stores[racer % 2] ?? bench.store).createBuild(change)),
    );
    const winners = racers.filter((_, racer) => results[racer]?.existing === undefined);
    expect(winners).toHaveLength(1);
    const id = winners[0]?.head.build.id;
    expect(new Set(results.map(({ existing }) => existing))).toEqual(new Set([undefined, id]));
    expect((await bench.store.listBuilds({ limit: 30 })).items.map((build) => build.id)).toEqual([id]);
  });

  test('loses no change when several writers keep trying, and leaves no gap in the events', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const stores = [bench.store, await bench.another(), await bench.another(), bench.store];
    await Promise.all(stores.map((store) => keepCommitting(store, id, 5)));
    const final = await loadHead(bench.store, id);
    expect(final.build.version).toBe(21);
    expect(final.counts.attempts).toBe(20);
    expect((await bench.store.listAttempts(id, { limit: 100 })).items).toHaveLength(20);
    const { items } = await bench.store.listEvents(id, { limit: 100 });
    expect(items.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    for (const [index, event] of items.entries())
      expect(event.prevHash).toBe(items[index - 1]?.hash ?? '0'.repeat(64));
  });

  test('never shows a reader half of a change', async () => {
    let head = await bench.create();
    const { id } = head.build;
    const reader = await bench.another();
    let writing = true;
    const watch = async () => {
      let seen = 0;
      while (writing) {
        const loaded = await reader.loadBuild(id, { attempts: { stateAbove: -1, statuses: ['completed'] } });
        expect(loaded?.attempts).toHaveLength(loaded?.snapshot.counts.attempts ?? -1);
        expect(loaded?.snapshot.build.version).toBeGreaterThanOrEqual(seen);
        seen = loaded?.snapshot.build.version ?? 0;
      }
    };
    const watching = watch();
    for (let round = 0; round < 30; round += 1)
      head = await bench.commit(head, {
        attempts: [makeAttempt(id), makeAttempt(id, { state: 10 })],
        events: [makeEvent('state.completed'), makeEvent('state.completed')],
      });
    writing = false;
    await watching;
  });

  test('keeps builds apart: changes of one never touch another', async () => {
    const heads = await Promise.all(Array.from({ length: 5 }, () => bench.create()));
    await Promise.all(heads.map(({ build }, index) => keepCommitting(bench.store, build.id, index)));
    for (const [index, { build }] of heads.entries()) {
      const head = await loadHead(bench.store, build.id);
      expect(head.build.version).toBe(1 + index);
      expect((await bench.store.listAttempts(build.id, { limit: 10 })).items).toHaveLength(index);
    }
  });
}
