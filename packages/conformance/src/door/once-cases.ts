import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** The same report counts once, for ever; the same creation makes one thing. */
export function onceCases(bench: DoorBench): void {
  it('answers a known event_id with what it answered first', async () => {
    const build = await bench.newBuild();
    const body = { state: 35, status: 'failed', errorMessage: 'timed out', eventId: randomUUID() } as const;
    const first = await bench.report(build, body);
    await bench.report(build, { state: 35, status: 'started' });
    expect(await bench.report(build, body)).toEqual(first);
    expect(await bench.history(build)).toEqual(['35#1 failed', '35#2 in_progress']);
  });

  it('answers it again also when it changed nothing the first time', async () => {
    const build = await bench.newBuild();
    for (const state of [10, 25]) await bench.report(build, { state });
    const body = { state: 25, eventId: randomUUID() };
    const first = await bench.report(build, body);
    expect(first).toMatchObject({ attempt: 1, status: 'completed' });
    await bench.call('rollbackBuild', { params: { buildId: build }, body: { targetState: 10 } });
    expect(await bench.report(build, body)).toEqual(first);
    expect(await bench.history(build)).toEqual(['10#1 completed', '25#1 rolled_back']);
  });

  it('counts twenty copies of a report that arrive together once', async () => {
    const build = await bench.newBuild();
    const body = { state: 10, eventId: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 20 }, () => bench.report(build, body)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await bench.history(build)).toEqual(['10#1 completed']);
  });

  it('takes twenty different reports of one state that arrive together in some order', async () => {
    const build = await bench.newBuild();
    const reports = Array.from({ length: 20 }, () => bench.report(build, { state: 10, status: 'failed' }));
    await Promise.all(reports);
    expect(await bench.history(build)).toEqual(
      Array.from({ length: 20 }, (_, index) => `10#${index + 1} failed`),
    );
  });

  it('makes one build of a creation that is repeated with its id', async () => {
    const body = { id: randomUUID(), project: 'conformance', buildNumber: `n-${randomUUID()}` };
    const [first, second] = await Promise.all([
      bench.call('createBuild', { body }),
      bench.call('createBuild', { body }),
    ]);
    expect(second.id).toBe(first.id);
    await bench.refused('already_exists', () =>
      bench.call('createBuild', { body: { ...body, id: randomUUID() } }),
    );
  });

  it('gives builds without a number the next one, also when many are made at once', async () => {
    const project = await bench.newProject();
    const made = await Promise.all(
      Array.from({ length: 5 }, () => bench.call('createBuild', { body: { project } })),
    );
    expect(made.map(({ buildNumber }) => Number(buildNumber)).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('uses neither the number nor the id of a deleted build again', async () => {
    const project = await bench.newProject();
    const body = { id: randomUUID(), project };
    const first = await bench.call('createBuild', { body });
    expect((await bench.call('createBuild', { body })).id).toBe(first.id);
    await bench.call('deleteBuild', { params: { buildId: first.id } });
    const taken = await bench.refused('already_exists', () =>
      bench.call('createBuild', { body: { project, buildNumber: first.buildNumber } }),
    );
    expect(taken.message).toContain('deleted');
    await bench.refused('already_exists', () => bench.call('createBuild', { body }));
    expect((await bench.call('createBuild', { body: { project } })).buildNumber).toBe('2');
  });

  it('refuses an event_id for a report of another kind', async () => {
    const build = await bench.newBuild();
    const eventId = randomUUID();
    await bench.report(build, { state: 10, status: 'failed', eventId });
    await bench.refused('validation_failed', () =>
      bench.call('retryBuild', { params: { buildId: build }, body: { eventId } }),
    );
  });
}
