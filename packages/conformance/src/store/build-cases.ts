import { expect, test } from 'vitest';
import { makeChange, makeCreation, makeEvent } from '../fixtures/change.ts';
import { newId } from '../fixtures/ids.ts';
import { makeProject } from '../fixtures/project.ts';
import { makeArtifact, makeAttempt, makeJob, makeResumeRequest, makeVariable } from '../fixtures/rows.ts';
import type { StoreBench } from './bench.ts';

/** Creating, finding, loading and changing one build, one call after the other. */
export function buildCases(bench: StoreBench): void {
  test('loads a new build exactly as it was created, with its project and a time', async () => {
    const change = makeCreation(bench.project, { build: { description: 'for tests', createdBy: 'tester' } });
    expect(await bench.store.createBuild(change)).toEqual({});
    const loaded = await bench.load(change.head.build.id);
    expect(loaded.snapshot).toEqual({ ...change.head, project: bench.project });
    expect(Math.abs(loaded.now - Date.now())).toBeLessThan(60_000);
    const { answered, attempts, artifacts, variables, resumeRequests, jobs } = loaded;
    expect(answered).toBeUndefined();
    expect([attempts, artifacts, variables, resumeRequests, jobs]).toEqual([[], [], [], [], []]);
  });

  test('does not know a build that nobody created', async () => {
    const id = newId();
    expect(await bench.store.loadBuild(id)).toBeUndefined();
    expect(await bench.store.findBuilds({ id })).toEqual([]);
    expect(await bench.store.commitBuild({ ...makeCreation(bench.project), expected: { version: 1 } })).toBe(
      'conflict',
    );
    expect(await bench.store.renewLease(id, 1)).toBeUndefined();
    expect((await bench.store.listAttempts(id, { limit: 10 })).items).toEqual([]);
    expect((await bench.store.listEvents(id, { limit: 10 })).items).toEqual([]);
    expect(await bench.store.listVariables(id)).toEqual([]);
    expect(await bench.store.loadAttempt(id, newId())).toBeUndefined();
  });

  test('answers the id of the build that has the number already', async () => {
    const first = await bench.create({ build: { buildNumber: '7' } });
    const second = makeCreation(bench.project, { build: { buildNumber: '7' } });
    expect(await bench.store.createBuild(second)).toEqual({ existing: first.build.id });
    expect(await bench.store.loadBuild(second.head.build.id)).toBeUndefined();
    expect((await bench.store.listBuilds({ limit: 10 })).items).toHaveLength(1);
  });

  test('answers the id when it is taken, whatever the number', async () => {
    const first = await bench.create();
    const again = makeCreation(bench.project, { build: { id: first.build.id, buildNumber: 'another' } });
    expect(await bench.store.createBuild(again)).toEqual({ existing: first.build.id });
    const number = { projectId: bench.project.id, buildNumber: 'another' };
    expect(await bench.store.findBuilds(number)).toEqual([]);
    const freed = await bench.create({ build: { buildNumber: 'another' } });
    expect(await bench.store.findBuilds(number)).toEqual([freed.build.id]);
  });

  test('keeps the number of a deleted build, and the build itself, out of lists but loadable', async () => {
    const head = await bench.create({ build: { buildNumber: '8' } });
    const deletedAt = '2026-02-01T00:00:00.000Z';
    await bench.commit(head, { build: { deletedAt }, events: [makeEvent('build.deleted')] });
    const again = makeCreation(bench.project, { build: { buildNumber: '8' } });
    expect(await bench.store.createBuild(again)).toEqual({ existing: head.build.id });
    expect((await bench.store.listBuilds({ limit: 10 })).items).toEqual([]);
    expect((await bench.load(head.build.id)).snapshot.build.deletedAt).toBe(deletedAt);
  });

  test('lets two projects use the same number, and tells upper from lower case', async () => {
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const lower = await bench.create({ build: { buildNumber: 'nightly' } });
    const upper = await bench.create({ build: { buildNumber: 'Nightly' } });
    const foreign = await bench.create({ build: { buildNumber: 'nightly' } }, other);
    const find = (projectId: string, buildNumber: string) =>
      bench.store.findBuilds({ projectId, buildNumber });
    expect(await find(bench.project.id, 'nightly')).toEqual([lower.build.id]);
    expect(await find(bench.project.id, 'Nightly')).toEqual([upper.build.id]);
    expect(await find(other.id, 'nightly')).toEqual([foreign.build.id]);
    expect(await find(other.id, 'Nightly')).toEqual([]);
  });

  test('finds builds by id and by the beginning of an id, two at most', async () => {
    const ids = ['aaaa0000', 'aaaa1111', 'aaaa1122', 'bbbb0000'].map((start) => start + newId().slice(8));
    for (const id of ids) await bench.create({ build: { id } });
    expect(await bench.store.findBuilds({ id: ids[1] ?? '' })).toEqual([ids[1]]);
    expect(await bench.store.findBuilds({ idPrefix: 'bbbb' })).toEqual([ids[3]]);
    expect((await bench.store.findBuilds({ idPrefix: 'aaaa11' })).toSorted()).toEqual([ids[1], ids[2]]);
    expect(await bench.store.findBuilds({ idPrefix: 'aaaa' })).toHaveLength(2);
    expect(await bench.store.findBuilds({ idPrefix: 'cccc' })).toEqual([]);
    const other = makeProject();
    await bench.store.saveProject(other, 0);
    const foreign = await bench.create({ build: { id: `bbbb1111${newId().slice(8)}` } }, other);
    const within = (projectId: string) => bench.store.findBuilds({ idPrefix: 'bbbb', projectId });
    expect(await within(bench.project.id)).toEqual([ids[3]]);
    expect(await within(other.id)).toEqual([foreign.build.id]);
    for (const pattern of ['%', 'aaaa_', 'aaaa*', '../'])
      expect(await bench.store.findBuilds({ idPrefix: pattern })).toEqual([]);
  });

  test('writes every part of a change and loads what is asked for', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const parts = {
      attempts: [makeAttempt(id), makeAttempt(id, { state: 10, status: 'in_progress', endTime: null })],
      artifacts: [makeArtifact(id)],
      variables: [makeVariable(id)],
      resumeRequests: [makeResumeRequest(id)],
      jobs: [makeJob(id)],
    };
    const [, open = null] = parts.attempts;
    const next = await bench.commit(head, {
      ...parts,
      build: { currentState: 10 },
      head: { openAttempt: open },
    });
    const loaded = await bench.load(id, {
      attempts: { stateAbove: -1, statuses: ['completed', 'in_progress'] },
      artifacts: 'live',
      variables: true,
      resumeRequests: true,
      jobs: true,
    });
    expect(loaded.snapshot).toEqual({ ...next, project: bench.project });
    expect(loaded).toMatchObject(parts);
  });

  test('keeps the head as it is, whatever states and targets it names', async () => {
    const head = await bench.create();
    const state = (code: number) => ({
      state: code,
      attempts: 2,
      failures: 1,
      outcome: code === 5 ? ('completed' as const) : null,
      completedAttemptId: code === 5 ? newId() : null,
      artifactFingerprint: '["s3","s3://images/ü",1,null]',
      lastAttemptId: newId(),
      abandoned: code === 10,
    });
    const next = await bench.commit(head, {
      build: { status: 'failed', failedState: 10, lastSuccessfulState: 5, durationSeconds: 1.234 },
      head: {
        states: { 5: state(5), 10: state(10), 100: state(100) },
        lastEndedAt: '2026-03-01T12:00:00.000Z',
        counts: { attempts: 9, artifacts: 8, sensitiveVariables: 7 },
        resumeTarget: { state: 10, requestId: newId(), skipFailed: true, started: false },
      },
    });
    expect((await bench.load(head.build.id)).snapshot).toEqual({ ...next, project: bench.project });
    const states = { ...next.states, 10: { ...state(10), attempts: 3, abandoned: false } };
    const changed = await bench.commit(next, {
      states: [states[10]],
      head: { resumeTarget: null, states, lastEndedAt: null },
    });
    expect((await bench.load(head.build.id)).snapshot).toEqual({ ...changed, project: bench.project });
  });

  test('loads a build with its project as it is now', async () => {
    const head = await bench.create();
    const changed = { ...bench.project, revision: 2, description: 'changed', artifactBase: 's3://images/' };
    expect(await bench.store.saveProject(changed, 1)).toBe(true);
    expect((await bench.load(head.build.id)).snapshot.project).toEqual(changed);
  });

  test('replaces rows by id and adds the others', async () => {
    const head = await bench.create();
    const { id } = head.build;
    const attempt = makeAttempt(id, { status: 'in_progress', endTime: null, durationSeconds: null });
    const job = makeJob(id);
    const opened = await bench.commit(head, {
      attempts: [attempt],
      jobs: [job],
      head: { openAttempt: attempt },
    });
    const closed = { ...attempt, status: 'completed' as const, closedBy: 'next_state' };
    const later = makeAttempt(id, { state: 10 });
    const done = { ...job, status: 'success' };
    const change = makeChange(opened, {
      attempts: [closed, later],
      jobs: [done],
      head: { openAttempt: null },
    });
    expect(await bench.store.commitBuild(change)).toBe('applied');
    expect((await bench.store.listAttempts(id, { limit: 10 })).items).toEqual([closed, later]);
    expect(await bench.store.loadAttempt(id, attempt.id)).toEqual(closed);
    expect(await bench.store.listJobs(id)).toEqual([done]);
    expect((await bench.load(id)).snapshot.openAttempt).toBeNull();
  });

  test('does not find an attempt under another build', async () => {
    const [one, two] = [await bench.create(), await bench.create()];
    const attempt = makeAttempt(one.build.id);
    await bench.commit(one, { attempts: [attempt] });
    expect(await bench.store.loadAttempt(two.build.id, attempt.id)).toBeUndefined();
  });
}
