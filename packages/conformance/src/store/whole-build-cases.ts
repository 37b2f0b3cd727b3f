import { type BuildHead, StoreError, type WholeBuild } from '@buildstate/core';
import { expect, test } from 'vitest';
import { makeLease } from '../fixtures/build.ts';
import { makeEvent } from '../fixtures/change.ts';
import { newId } from '../fixtures/ids.ts';
import { makeArtifact, makeAttempt, makeJob, makeResumeRequest, makeVariable } from '../fixtures/rows.ts';
import { BenchError, type StoreBench } from './bench.ts';
import { readPages } from './paging.ts';

/** A build to which everything has happened: rows of every kind, replaced ones, deleted ones. */
async function eventful(bench: StoreBench): Promise<{ head: BuildHead; whole: WholeBuild }> {
  const created = await bench.create({ build: { description: 'eventful', metadata: { a: [1, null] } } });
  const { id } = created.build;
  const at = '2026-03-01T00:00:00.000Z';
  const attempt = makeAttempt(id, { status: 'in_progress', endTime: null });
  const done = makeAttempt(id, { errorDetails: ['x'], artifactMetadata: { b: 2 } });
  const [old, live] = [
    makeArtifact(id, { artifactName: 'base' }),
    makeArtifact(id, { artifactName: 'base' }),
  ];
  const [first, gone] = [makeVariable(id), makeVariable(id)];
  const request = makeResumeRequest(id);
  const job = makeJob(id);
  const record = {
    state: 5,
    attempts: 2,
    failures: 1,
    outcome: 'completed' as const,
    completedAttemptId: attempt.id,
    artifactFingerprint: 'f'.repeat(64),
    lastAttemptId: attempt.id,
    abandoned: true,
  };
  const report = (answer: WholeBuild['reports'][number]['answer']) => ({ eventId: newId(), answer });
  const reports = [report({ operation: 'x', answer: null }), report(null), report('text')] as const;
  const one = await bench.commit(created, {
    attempts: [attempt],
    artifacts: [old],
    variables: [first, gone],
    resumeRequests: [request],
    jobs: [job],
    report: reports[0],
    states: [record],
    head: { openAttempt: attempt, lease: makeLease({ token: 3 }), states: { [record.state]: record } },
  });
  const second = { ...first, variableValue: 'second', updatedAt: at };
  expect(one.states).toEqual({ 5: record });
  const two = await bench.commit(one, {
    artifacts: [{ ...old, supersededBy: live.id }, live],
    variables: [second, { ...gone, deletedAt: at, updatedAt: at }],
    resumeRequests: [{ ...request, orchestrationStatus: 'completed' }],
    jobs: [{ ...job, status: 'done' }],
    report: reports[1],
    events: [makeEvent('artifact.superseded'), makeEvent('variable.set', { key: 'value' })],
  });
  const last = { ...attempt, status: 'completed' as const, endTime: at };
  const third = { ...second, variableValue: 'third' };
  const head = await bench.commit(two, {
    attempts: [last, done],
    artifacts: [{ ...live, deletedAt: at }],
    variables: [third],
    report: reports[2],
    build: { deletedAt: at, failedState: 5, nextRetryAt: at },
    head: { openAttempt: null },
  });
  const whole = await mustLoad(bench, id);
  expect(whole.attempts).toEqual([last, done]);
  expect(whole.artifacts).toEqual([
    { ...old, supersededBy: live.id },
    { ...live, deletedAt: at },
  ]);
  expect(whole.variables).toHaveLength(2);
  expect(whole.variables).toContainEqual(third);
  expect(whole.variables).toContainEqual({ ...gone, deletedAt: at, updatedAt: at });
  expect(whole.variableHistory).toEqual([first, second, gone]);
  expect(whole.resumeRequests).toEqual([{ ...request, orchestrationStatus: 'completed' }]);
  expect(whole.jobs).toEqual([{ ...job, status: 'done' }]);
  expect(whole.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(whole.reports).toEqual(reports);
  return { head, whole };
}

async function mustLoad(bench: StoreBench, id: string): Promise<WholeBuild> {
  const whole = await bench.store.loadWholeBuild(id);
  if (whole === undefined) throw new BenchError(`build ${id} is not there`);
  return whole;
}

/** The same build under another id and number, so that there is a place for it in the same store. */
function twinOf(whole: WholeBuild): WholeBuild {
  const text = JSON.stringify(whole).replaceAll(whole.head.build.id, newId());
  const twin = JSON.parse(text) as WholeBuild;
  return { ...twin, head: { ...twin.head, build: { ...twin.head.build, buildNumber: `twin-${newId()}` } } };
}

/** Builds as they are: read whole, and put back. */
export function wholeBuildCases(bench: StoreBench): void {
  test('lists the ids of all builds, deleted ones too, in ascending order', async () => {
    const heads = [await bench.create(), await bench.create(), await bench.create()];
    const ids = heads.map(({ build }) => build.id);
    await bench.commit(heads[1] as BuildHead, { build: { deletedAt: '2026-03-01T00:00:00.000Z' } });
    expect(await readPages((query) => bench.store.listBuildIds(query), 2)).toEqual(ids);
    expect((await bench.store.listBuildIds({ limit: 3 })).next).toBeUndefined();
  });

  test('knows nothing of a build that is not there', async () => {
    expect(await bench.store.loadWholeBuild(newId())).toBeUndefined();
  });

  test('puts a build back as it was, down to the last row', async () => {
    const { whole } = await eventful(bench);
    const twin = twinOf(whole);
    expect(await bench.store.restoreBuild(twin)).toEqual({});
    const { id } = twin.head.build;
    expect(await mustLoad(bench, id)).toEqual(twin);
    const store = await bench.another();
    expect(await store.loadWholeBuild(id)).toEqual(twin);
    expect(await store.loadBuild(id, { artifacts: 'all', resumeRequests: true, jobs: true })).toMatchObject({
      snapshot: { ...twin.head, project: bench.project },
      artifacts: twin.artifacts,
      resumeRequests: twin.resumeRequests,
      jobs: twin.jobs,
    });
    expect((await store.listAttempts(id, { limit: 9 })).items).toEqual(twin.attempts);
    expect((await store.listEvents(id, { limit: 9, afterSeq: 2 })).items).toEqual(twin.events.slice(2));
    for (const report of twin.reports) {
      expect((await store.loadBuild(id, { eventId: report.eventId }))?.answered).toEqual(report);
    }
    const [request] = twin.resumeRequests;
    expect((await store.findResumeRequest(request?.id ?? ''))?.id).toBe(request?.id);
  });

  test('goes on with a build that was put back', async () => {
    const { whole } = await eventful(bench);
    const twin = twinOf(whole);
    await bench.store.restoreBuild(twin);
    const { id, projectId, buildNumber } = twin.head.build;
    expect(await bench.store.findBuilds({ projectId, buildNumber })).toEqual([id]);
    const [variable] = twin.variables;
    const report = { eventId: newId(), answer: 1 };
    const changed = { ...(variable as NonNullable<typeof variable>), variableValue: 'fourth' };
    const head = await bench.commit(twin.head, {
      variables: [changed],
      report,
      build: { deletedAt: null },
    });
    expect((await bench.store.renewLease(id, 3))?.renewals).toBe(1);
    const after = await mustLoad(bench, id);
    expect(after.events).toHaveLength(twin.events.length + 1);
    expect(after.variableHistory).toHaveLength(twin.variableHistory.length + 1);
    expect(after.head.chain).toEqual(head.chain);
    expect((await bench.load(id, { eventId: report.eventId })).answered).toEqual(report);
    expect((await bench.store.listBuilds({ limit: 9 })).items.map((build) => build.id)).toContain(id);
  });

  test('answers which build is in the way, and changes nothing', async () => {
    const { whole } = await eventful(bench);
    const { id } = whole.head.build;
    const sameId = {
      ...whole,
      head: { ...whole.head, build: { ...whole.head.build, buildNumber: 'other' } },
    };
    expect(await bench.store.restoreBuild({ ...sameId, attempts: [] })).toEqual({ existing: id });
    const twin = twinOf(whole);
    const { buildNumber } = whole.head.build;
    const sameNumber = { ...twin, head: { ...twin.head, build: { ...twin.head.build, buildNumber } } };
    expect(await bench.store.restoreBuild(sameNumber)).toEqual({ existing: id });
    expect(await mustLoad(bench, id)).toEqual(whole);
    expect(await bench.store.loadWholeBuild(twin.head.build.id)).toBeUndefined();
    expect((await bench.store.listBuildIds({ limit: 9 })).items).toEqual([id]);
  });

  test('refuses a build whose project is not there', async () => {
    const twin = twinOf((await eventful(bench)).whole);
    const lost = { ...twin, head: { ...twin.head, build: { ...twin.head.build, projectId: newId() } } };
    await expect(bench.store.restoreBuild(lost)).rejects.toBeInstanceOf(StoreError);
    expect(await bench.store.loadWholeBuild(twin.head.build.id)).toBeUndefined();
  });

  test('puts a build back once when several do so at once', async () => {
    const twin = twinOf((await eventful(bench)).whole);
    const stores = [bench.store, await bench.another(), await bench.another()];
    const answers = await Promise.all(stores.map((store) => store.restoreBuild(twin)));
    expect(answers.filter(({ existing }) => existing === undefined)).toHaveLength(1);
    expect(await mustLoad(bench, twin.head.build.id)).toEqual(twin);
  });

  test('puts a long history back', async () => {
    const { whole } = await eventful(bench);
    const { id } = whole.head.build;
    const { commits = 300 } = bench.traits;
    const many = Array.from({ length: 2 * commits }, (_, index) => index);
    const long: WholeBuild = {
      ...whole,
      attempts: [...whole.attempts, ...many.map(() => makeAttempt(id, { message: 'm'.repeat(100) }))],
      events: [...whole.events, ...many.map((index) => event(whole, index + 6))],
      reports: many
        .map((index) => ({ eventId: newId(), answer: { index, text: 'x'.repeat(300) } }))
        .sort((a, b) => (a.eventId < b.eventId ? -1 : 1)),
    };
    const twin = twinOf(long);
    await bench.store.restoreBuild(twin);
    const twinId = twin.head.build.id;
    expect(await mustLoad(bench, twinId)).toEqual(twin);
    const { items } = await bench.store.listEvents(twinId, { limit: 3, afterSeq: commits });
    expect(items).toEqual(twin.events.slice(commits, commits + 3));
    for (const report of [twin.reports[0], twin.reports[commits], twin.reports.at(-1)])
      expect((await bench.load(twinId, { eventId: report?.eventId })).answered).toEqual(report);
  });
}

function event({ events: [first] }: WholeBuild, seq: number): WholeBuild['events'][number] {
  if (first === undefined) throw new BenchError('the build has no events');
  return { ...first, seq, type: 'build.updated', data: { seq } };
}
