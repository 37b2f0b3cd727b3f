import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** How long a build will take, and whether somebody should look at it. Each case has a project of its own. */
export function estimateCases(bench: DoorBench): void {
  const details = (buildId: string) => bench.call('getBuild', { params: { buildId } });
  // One moment for all, so that durations are exact: that at which they begin, because others may have taken long before.
  let now = 0;
  beforeAll(() => {
    now = Date.now();
  });
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

  /** Builds that took these many seconds for state 10. */
  const history = async (project: string, durations: readonly number[]) => {
    for (const seconds of durations) {
      const build = await bench.newBuild({ project });
      await bench.report(build, { state: 10, startTime: ago(seconds + 60), endTime: ago(60) });
      // Nobody saw this one start.
      await bench.report(build, { state: 15 });
    }
  };

  it('estimates from five completed attempts on whose start somebody saw', async () => {
    const project = await bench.newProject();
    await history(project, [10, 20, 30, 40, 50]);
    const build = await bench.newBuild({ project });
    const { eta, stalled, attention } = await details(build);
    expect(eta).toMatchObject({
      basis: 'measured',
      p50Seconds: 30,
      p90Seconds: 46,
      unknownStates: [],
      states: [{ state: 10, stateName: 'base-image-created', samples: 5, elapsedSeconds: null }],
    });
    expect(Date.parse(eta?.latestFinishAt ?? '') - Date.parse(eta?.finishAt ?? '')).toBe(16_000);
    expect([stalled, attention]).toEqual([null, []]);
    await bench.report(build, { state: 10 });
    expect((await details(build)).eta).toBeNull();
  });

  it('estimates from what the catalogue expects before that', async () => {
    const project = await bench.newProject();
    await bench.call('putStateCode', {
      params: { projectId: project, stateCode: '10' },
      body: { name: 'base-image-created', expectedDurationSeconds: 600 },
    });
    await history(project, [10, 20, 30, 40]);
    const build = await bench.newBuild({ project });
    expect((await details(build)).eta).toMatchObject({ basis: 'expected', p50Seconds: 600, p90Seconds: 600 });
    await bench.report(build, { state: 10, status: 'started', startTime: ago(100) });
    const [state] = (await details(build)).eta?.states ?? [];
    expect(state?.elapsedSeconds).toBeGreaterThanOrEqual(100);
    expect((state?.elapsedSeconds ?? 0) + (state?.p50Seconds ?? 0)).toBeCloseTo(600, 2);
  });

  it('knows nothing of a project without either', async () => {
    const build = await bench.newBuild({ project: await bench.newProject() });
    expect((await details(build)).eta).toBeNull();
  });

  it('calls an attempt stalled that takes longer than three times the 90th percentile', async () => {
    const project = await bench.newProject();
    await history(project, [1000, 2000, 3000, 4000, 5000]);
    const [quick, slow] = [await bench.newBuild({ project }), await bench.newBuild({ project })];
    await bench.report(quick, { state: 10, status: 'started', startTime: ago(6000) });
    await bench.report(slow, { state: 10, status: 'started', startTime: ago(13_900) });
    expect((await details(quick)).stalled).toBeNull();
    const { stalled, attention, openAttempt } = await details(slow);
    expect(stalled).toMatchObject({
      attemptId: openAttempt?.id,
      state: 10,
      reason: 'slow',
      limitSeconds: 13_800,
    });
    expect(attention).toEqual([{ reason: 'stalled', state: 10, since: stalled?.since }]);
  });

  it('lists the builds that somebody should look at, with the reasons', async () => {
    const project = await bench.newProject();
    const made: string[] = [];
    for (let index = 0; index < 5; index++) made.push(await bench.newBuild({ project }));
    const [well = '', broken = '', waiting = '', silent = '', over = ''] = made;
    await bench.report(well, { state: 10, status: 'started' });
    await bench.report(broken, { state: 10, status: 'failed', category: 'persistent' });
    await bench.report(waiting, { state: 10, status: 'failed', category: 'transient' });
    const lease = await bench.call('acquireLease', {
      params: { buildId: silent },
      body: { holder: 'w', ttlSeconds: 1 },
    });
    await bench.report(silent, { state: 10, status: 'started', leaseToken: lease.token });
    await bench.report(over, { state: 10, status: 'failed', category: 'persistent' });
    await bench.call('cancelBuild', { params: { buildId: over } });
    const needy = (more: object = {}) =>
      bench.call('listBuilds', { query: { projectId: project, needsAttention: 'true', ...more } });
    await expect
      .poll(async () => (await needy()).map(({ id }) => id), { timeout: 20_000, interval: 200 })
      .toEqual([silent, broken]);
    const [first, second] = await needy();
    expect(first?.attention).toMatchObject([{ reason: 'lease_expired', state: 10 }]);
    expect(first).toMatchObject({ holder: null, stalled: { reason: 'silent' } });
    expect(second?.attention).toMatchObject([{ reason: 'failed', state: 10 }]);
    expect((await needy({ status: 'failed' })).map(({ id }) => id)).toEqual([broken]);
    expect((await details(silent)).stalled).toMatchObject({ reason: 'silent', state: 10 });
    const plain = await bench.call('listBuilds', { query: { projectId: project } });
    expect(plain.map((build) => 'eta' in build || 'attention' in build)).toEqual(plain.map(() => false));
    const shown = await bench.call('listBuilds', { query: { projectId: project, outlook: 'true' } });
    expect(shown.map(({ attention = [] }) => attention.length)).toEqual([0, 1, 0, 1, 0]);
  });

  it('says when a state has failed as often as it may', async () => {
    const build = await bench.newBuild({ project: await bench.newProject() });
    for (let tries = 1; tries <= 3; tries++)
      await bench.report(build, { state: 20, status: 'failed', category: 'transient' });
    const { attention } = await details(build);
    expect(attention).toMatchObject([{ reason: 'retries_exhausted', state: 20 }]);
  });

  it('draws attention to a report that was refused late, until somebody takes the build in hand', async () => {
    const project = await bench.newProject();
    const buildId = await bench.newBuild({ project });
    await bench.report(buildId, { state: 10 });
    await bench.report(buildId, { state: 20, status: 'failed', category: 'transient' });
    const rejection = {
      eventId: randomUUID(),
      reportEventId: randomUUID(),
      state: 50,
      status: 'completed',
      code: 'illegal_transition',
      reason: 'The build is failed at state 20.',
    };
    const reject = () => bench.call('rejectReport', { params: { buildId }, body: rejection });
    expect(await reject()).toMatchObject({ buildId, rejectedReports: 1 });
    // Sent again it is the same.
    expect(await reject()).toMatchObject({ rejectedReports: 1 });
    expect((await details(buildId)).attention).toEqual([
      { reason: 'report_rejected', state: null, since: null },
    ]);
    const events = await bench.call('listEvents', { params: { buildId } });
    expect(events.filter(({ type }) => type === 'report.rejected').map(({ data }) => data)).toMatchObject([
      { report_event_id: rejection.reportEventId, state: 50, code: 'illegal_transition' },
    ]);
    const query = { projectId: project, needsAttention: 'true' };
    expect(await bench.call('listBuilds', { query })).toHaveLength(1);
    const { needsAttention } = await bench.call('getDashboardSummary', { query: { projectId: project } });
    expect(needsAttention).toBe(1);
    await bench.call('retryBuild', { params: { buildId } });
    expect((await details(buildId)).attention).toEqual([]);
  });
}
