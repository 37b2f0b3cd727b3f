import { expect, test } from 'vitest';
import { makeCreation, makeEvent } from '../fixtures/change.ts';
import { newId } from '../fixtures/ids.ts';
import { makeAttempt } from '../fixtures/rows.ts';
import type { StoreBench } from './bench.ts';

const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
  const samples: number[] = [];
  for (let round = 0; round < 11; round += 1) {
    const begin = performance.now();
    await work();
    samples.push(performance.now() - begin);
  }
  return samples.toSorted((a, b) => a - b)[5] ?? 0;
};

/** Reports count once, for ever, and a long history does not make a build slow. */
export function reportCases(bench: StoreBench): void {
  const commits = bench.traits.commits ?? 300;

  test('answers a report that it knows as it was first answered', async () => {
    const answer = { state: 5, warnings: ['ü'], nested: { deep: [null, true, 1.5] } };
    const report = { eventId: newId(), answer };
    const head = await bench.create();
    await bench.commit(head, { report });
    const { id } = head.build;
    expect((await bench.load(id, { eventId: report.eventId })).answered).toEqual(report);
    expect((await bench.load(id, { eventId: newId() })).answered).toBeUndefined();
    expect((await bench.load(id)).answered).toBeUndefined();
  });

  test('knows the report that created a build', async () => {
    const report = { eventId: newId(), answer: 'made' };
    const change = makeCreation(bench.project, { report });
    await bench.store.createBuild(change);
    const { answered } = await bench.load(change.head.build.id, { eventId: report.eventId });
    expect(answered).toEqual(report);
  });

  test('keeps the reports of two builds apart', async () => {
    const [one, two] = [await bench.create(), await bench.create()];
    const eventId = newId();
    await bench.commit(one, { report: { eventId, answer: 1 } });
    expect((await bench.load(two.build.id, { eventId })).answered).toBeUndefined();
    await bench.commit(two, { report: { eventId, answer: 2 } });
    expect((await bench.load(one.build.id, { eventId })).answered?.answer).toBe(1);
  });

  test(`knows every report after ${commits} commits, and loads the build as quickly as at first`, async () => {
    let head = await bench.create();
    const { id } = head.build;
    const eventIds = Array.from({ length: commits + 1 }, newId);
    const early = await milliseconds(() => bench.load(id));
    for (let round = 1; round <= commits; round += 1)
      head = await bench.commit(head, {
        attempts: [makeAttempt(id, { state: 5 + (round % 90), attempt: round, message: 'x'.repeat(200) })],
        events: [makeEvent('state.completed', { round })],
        report: { eventId: eventIds[round] ?? '', answer: { round } },
      });
    for (const round of [1, 2, Math.floor(commits / 2), commits - 1, commits])
      expect((await bench.load(id, { eventId: eventIds[round] })).answered?.answer).toEqual({ round });
    expect((await bench.load(id, { eventId: eventIds[0] })).answered).toBeUndefined();
    const late = await milliseconds(() => bench.load(id));
    // Wide, because machines that run tests are busy; a load that reads the history is slower than this.
    expect(late).toBeLessThan(10 * early + 15);

    let seen = 0;
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await bench.store.listAttempts(id, { limit: 100, cursor });
      for (const attempt of page.items) {
        seen += 1;
        expect(attempt.attempt).toBe(seen);
      }
      cursor = page.next;
      more = cursor !== undefined;
    }
    expect(seen).toBe(commits);
  }, 240_000);
}
