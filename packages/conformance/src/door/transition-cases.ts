import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** What moves a build, and what does not: the examples and rules of the transition table. */
export function transitionCases(bench: DoorBench): void {
  it('begins pending at state 0', async () => {
    expect(await bench.where(await bench.newBuild())).toEqual([0, 0, null, 'pending']);
  });

  it('keeps current_state on a failure that nobody started', async () => {
    const build = await bench.newBuild();
    await bench.report(build, { state: 30 });
    await bench.report(build, { state: 35, status: 'failed', errorMessage: 'x' });
    expect(await bench.where(build)).toEqual([30, 30, 35, 'failed']);
    const context = await bench.call('getResumeContext', { params: { buildId: build } });
    expect(context.resumeFromState).toBe(35);
  });

  it('moves current_state at a start', async () => {
    const build = await bench.newBuild();
    await bench.report(build, { state: 50, status: 'started' });
    await bench.report(build, { state: 50, status: 'failed' });
    expect(await bench.where(build)).toEqual([50, 0, 50, 'failed']);
  });

  it('completes an open earlier attempt when a later state is reported', async () => {
    const build = await bench.newBuild();
    await bench.report(build, { state: 5, status: 'running' });
    await bench.report(build, { state: 10, status: 'success' });
    const attempts = await bench.call('listAttempts', { params: { buildId: build } });
    expect(attempts.map(({ state, status, closedBy }) => [state, status, closedBy])).toEqual([
      [5, 'completed', 'next_state'],
      [10, 'completed', null],
    ]);
    expect(await bench.where(build)).toEqual([10, 10, null, 'running']);
  });

  it('never lets a failure disappear because something later is reported', async () => {
    const build = await bench.newBuild();
    await bench.report(build, { state: 35, status: 'failed' });
    await bench.refused('illegal_transition', () => bench.report(build, { state: 50 }));
    expect(await bench.where(build)).toEqual([0, 0, 35, 'failed']);
    expect(await bench.history(build)).toEqual(['35#1 failed']);
  });

  it('takes a state by code, by name, by alias and as state-N', async () => {
    const build = await bench.newBuild();
    expect((await bench.report(build, { stateCode: 10 })).state).toBe(10);
    expect((await bench.report(build, { stateName: 'package-installation' })).state).toBe(25);
    expect((await bench.report(build, { stateName: 'state-42' })).stateName).toBe('state-42');
    const error = await bench.refused('not_found', () =>
      bench.report(build, { stateName: 'security-basline' }),
    );
    expect(error.message).toContain('security-baseline');
  });

  it('lands a report of name, message and artifact completed, with times', async () => {
    const build = await bench.newBuild();
    const answer = await bench.report(build, {
      stateName: 'package-installation',
      message: 'All packages are in',
      artifactStorageType: 's3',
      artifactStoragePath: 's3://images/rhel9/25.qcow2',
      artifactSizeBytes: 4096,
      artifactChecksum: `sha256:${'ab'.repeat(32)}`,
      artifactMetadata: { Format: 'qcow2', nested: { keep_me: true } },
    });
    expect(answer).toMatchObject({ state: 25, status: 'completed', attempt: 1, buildStatus: 'running' });
    expect(answer.startTime).not.toBeNull();
    expect(answer.endTime).not.toBeNull();
    expect(answer.durationSeconds).toBeGreaterThanOrEqual(0);
    expect(answer.artifactMetadata).toEqual({ Format: 'qcow2', nested: { keep_me: true } });
  });

  it('completes the build with the final state and accepts nothing more', async () => {
    const build = await bench.newBuild();
    expect((await bench.report(build, { state: 100 })).buildStatus).toBe('completed');
    await bench.refused('build_closed', () => bench.report(build, { state: 100, status: 'started' }));
    await bench.refused('build_closed', () => bench.call('cancelBuild', { params: { buildId: build } }));
  });

  it('answers a repeated completion with the attempt that is there', async () => {
    const build = await bench.newBuild();
    const body = { state: 25, artifactStorageType: 's3', artifactStoragePath: 's3://b/k' };
    const first = await bench.report(build, body);
    expect((await bench.report(build, body)).id).toBe(first.id);
    expect((await bench.report(build, { ...body, artifactStoragePath: 's3://b/k2' })).attempt).toBe(2);
    expect(await bench.history(build)).toEqual(['25#1 completed', '25#2 completed']);
  });

  it('completes a state again that failed after it was completed', async () => {
    const build = await bench.newBuild();
    await bench.report(build, { state: 50 });
    await bench.report(build, { state: 50, status: 'failed' });
    expect(await bench.where(build)).toEqual([50, 50, 50, 'failed']);
    expect((await bench.report(build, { state: 50 })).attempt).toBe(3);
    expect(await bench.where(build)).toEqual([50, 50, null, 'running']);
  });

  it('gives a build up once, however often it is told to', async () => {
    const build = await bench.newBuild();
    const cancel = () =>
      bench.call('cancelBuild', { params: { buildId: build }, body: { reason: 'x', reportedBy: 'me' } });
    const first = await cancel();
    expect(first).toMatchObject({ status: 'cancelled' });
    expect(await cancel()).toEqual(first);
    const events = await bench.call('listEvents', { params: { buildId: build } });
    expect(events.at(-1)).toMatchObject({
      type: 'build.cancelled',
      data: { reason: 'x', reported_by: 'me' },
    });
  });

  it('wants storage type and path together, and refuses a known type with another scheme', async () => {
    const build = await bench.newBuild();
    const refused = (body: object) =>
      bench.refused('validation_failed', () => bench.report(build, { state: 5, ...body }));
    await refused({ artifactStoragePath: 's3://b/k' });
    await refused({ artifactStorageType: 's3' });
    await refused({ artifactMetadata: { a: 1 } });
    await refused({
      artifactStorageType: 's3',
      artifactStoragePath: 's3://b/k',
      artifactVerificationStatus: 'stored',
    });
    const error = await refused({ artifactStorageType: 's3', artifactStoragePath: 'gs://b/k' });
    expect(error.message).toMatch(/gcs.*s3/);
    expect(await bench.history(build)).toEqual([]);
  });

  it('warns of a path without a scheme and of MD5, and keeps both', async () => {
    const build = await bench.newBuild();
    const answer = await bench.report(build, {
      state: 5,
      artifactStorageType: 'Some NAS',
      artifactStoragePath: 'images/5.raw',
      artifactChecksum: 'd41d8cd98f00b204e9800998ecf8427e',
    });
    expect(answer.warnings).toHaveLength(2);
    expect(answer).toMatchObject({ artifactStorageType: 'Some NAS', artifactStoragePath: 'images/5.raw' });
  });

  it('skips with a reason, rolls back with a record, and retries by hand with a note', async () => {
    const build = await bench.newBuild();
    for (const state of [10, 25]) await bench.report(build, { state });
    await bench.report(build, { state: 30, status: 'skipped', message: 'not needed here' });
    await bench.call('rollbackBuild', {
      params: { buildId: build },
      body: { targetState: 10, reason: 'again' },
    });
    expect(await bench.where(build)).toEqual([10, 10, null, 'running']);
    await bench.report(build, { state: 25, status: 'failed' });
    await bench.call('retryBuild', { params: { buildId: build }, body: { reason: 'mended' } });
    expect(await bench.where(build)).toEqual([10, 10, null, 'running']);
    await bench.refused('illegal_transition', () => bench.call('retryBuild', { params: { buildId: build } }));
    expect(await bench.history(build)).toEqual([
      '10#1 completed',
      '25#1 rolled_back',
      '30#1 rolled_back',
      '25#2 failed',
      '25#- manual_retry',
    ]);
  });

  it('decides on retries as the policy of the state says', async () => {
    const build = await bench.newBuild();
    const fail = (errorMessage: string) => bench.report(build, { state: 45, status: 'failed', errorMessage });
    const first = await fail('Connection timed out');
    expect(first.retryDecision).toMatchObject({
      retry: true,
      delaySeconds: 30,
      category: 'transient',
      attempt: 1,
    });
    expect(first.component).toBe('configuration');
    const details = await bench.call('getBuild', { params: { buildId: build } });
    expect(details.nextRetryAt).toBe(first.retryDecision?.retryAt);
    expect(details.lastFailure?.id).toBe(first.id);
    expect((await fail('AccessDenied')).retryDecision).toMatchObject({
      retry: false,
      notify: true,
      attempt: 2,
    });
    const failures = await bench.call('listFailures', { params: { buildId: build } });
    expect(failures.map(({ failureType, resolved }) => [failureType, resolved])).toEqual([
      ['transient', false],
      ['persistent', false],
    ]);
    await bench.report(build, { state: 45 });
    const later = await bench.call('listFailures', { params: { buildId: build } });
    expect(later.every(({ resolved, resolvedAt }) => resolved && resolvedAt !== null)).toBe(true);
  });

  it('fails the current state when a failure names none', async () => {
    const build = await bench.newBuild();
    await bench.report(build, { state: 35, status: 'started' });
    const answer = await bench.call('recordFailure', {
      params: { buildId: build },
      body: { errorMessage: 'x', details: { exitCode: 2 } },
    });
    expect(answer).toMatchObject({ state: 35, status: 'failed', errorDetails: { exitCode: 2 } });
  });

  it('wants prerequisites', async () => {
    const project = await bench.newProject();
    await bench.call('putStateCode', {
      params: { projectId: project, stateCode: '50' },
      body: { prerequisites: [25] },
    });
    const build = await bench.newBuild({ project });
    await bench.refused('missing_prerequisites', () => bench.report(build, { state: 50, status: 'started' }));
    await bench.report(build, { state: 25 });
    await bench.report(build, { state: 50, status: 'started' });
  });

  it('writes an unbroken chain of events without gaps', async () => {
    const build = await bench.newBuild();
    await bench.report(build, { state: 5 });
    await bench.report(build, { state: 10, status: 'failed' });
    const events = await bench.call('listEvents', { params: { buildId: build } });
    expect(events.map(({ type }) => type)).toEqual([
      'build.created',
      'state.completed',
      'state.failed',
      'build.failed',
    ]);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(events.slice(1).map(({ prevHash }) => prevHash)).toEqual(
      events.slice(0, -1).map(({ hash }) => hash),
    );
  });
}
