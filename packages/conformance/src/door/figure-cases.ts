import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** Dashboard, figures, trends, comparison. Each case counts in a project of its own. */
export function figureCases(bench: DoorBench): void {
  it('counts builds by status, state and platform, and shows the newest', async () => {
    const project = await bench.newProject();
    const platform = `aws_${randomUUID().slice(0, 8)}`;
    const made = [
      await bench.newBuild({ project, platform }),
      await bench.newBuild({ project, platform }),
      await bench.newBuild({ project }),
      await bench.newBuild({ project }),
    ];
    const [running = '', failed = '', done = '', gone = ''] = made;
    await bench.report(running, { state: 30, status: 'started' });
    await bench.report(failed, { state: 30, status: 'failed' });
    await bench.report(done, { state: 100 });
    await bench.call('deleteBuild', { params: { buildId: gone } });
    const summary = await bench.call('getDashboardSummary', { query: { projectId: project } });
    expect(summary).toMatchObject({
      totalBuilds: 3,
      activeBuilds: 1,
      completedBuilds: 1,
      failedBuilds: 1,
      statusCounts: { pending: 0, running: 1, completed: 1, failed: 1, cancelled: 0 },
      buildsByState: { 0: 1, 30: 1, 100: 1 },
      buildsByPlatform: { [platform]: 2, none: 1 },
    });
    expect(summary.recentBuilds.map(({ id }) => id)).toEqual([done, failed, running]);
    const recent = await bench.call('listRecentBuilds', { query: { projectId: project, limit: '2' } });
    expect(recent.map(({ id }) => id)).toEqual([done, failed]);
    for (const id of [platform, (await bench.call('getPlatform', { params: { id: platform } })).id]) {
      const shown = await bench.call('getPlatformDashboard', { params: { id } });
      expect(shown).toMatchObject({ platform, totalBuilds: 2, failedBuilds: 1, activeBuilds: 1 });
      expect(shown.recentBuilds.map((build) => build.id)).toEqual([failed, running]);
    }
    await bench.refused('not_found', () =>
      bench.call('getPlatformDashboard', { params: { id: randomUUID() } }),
    );
  });

  it('adds up what became of resumes and what they saved', async () => {
    const project = await bench.newProject();
    const query = { projectId: project };
    const buildId = await bench.newBuild({ project });
    const hourAgo = Date.now() - 3_600_000;
    const at = (minute: number) => new Date(hourAgo + minute * 60_000).toISOString();
    await bench.report(buildId, { state: 5, startTime: at(0), endTime: at(10) });
    await bench.report(buildId, { state: 10, startTime: at(10), endTime: at(15) });
    await bench.report(buildId, { state: 15, status: 'failed' });
    expect(await bench.call('getTimeSaved', { query })).toMatchObject({ resumes: 0, savedSeconds: 0 });
    await bench.call('requestResume', { params: { buildId }, body: { requestSource: 'cli' } });
    expect(await bench.call('getResumeStats', { query })).toMatchObject({
      period: '30d',
      requests: 1,
      open: 1,
      builds: 1,
      successRate: null,
      sources: [{ source: 'cli', count: 1 }],
    });
    await bench.report(buildId, { state: 15, status: 'started' });
    expect(await bench.call('getTimeSaved', { query: { ...query, period: '1h' } })).toMatchObject({
      resumes: 1,
      savedSeconds: 900,
      attemptsKept: 2,
      attemptsUnmeasured: 0,
      truncated: false,
    });
    expect(await bench.call('getResumeSuccessRate', { query })).toMatchObject({
      period: '7d',
      buildsResumed: 1,
      running: 1,
      successRate: null,
    });
    await bench.report(buildId, { state: 15 });
    await bench.report(buildId, { state: 100 });
    expect(await bench.call('getResumeSuccessRate', { query })).toMatchObject({
      buildsResumed: 1,
      completed: 1,
      successRate: 1,
    });
    for (const period of ['7', 'x', '0d', '-1d', '1.5d', '99999w', '3m'])
      await bench.refused('validation_failed', () =>
        bench.call('getResumeStats', { query: { ...query, period } }),
      );
  });

  it('adds up what artifacts take, spellings of a backend together', async () => {
    const project = await bench.newProject();
    const buildId = await bench.newBuild({ project });
    for (const [storageBackend, sizeBytes] of [
      ['s3', 5],
      ['aws_s3', 7],
      ['local', undefined],
    ] as const)
      await bench.call('registerArtifact', {
        params: { buildId },
        body: {
          stateCode: 5,
          artifactName: storageBackend,
          artifactType: storageBackend === 'local' ? 'log' : 'ami',
          artifactPath: `${storageBackend === 'local' ? 'file' : 's3'}://b/${storageBackend}`,
          storageBackend,
          sizeBytes,
        },
      });
    expect(await bench.call('getStorageUsage', { query: { projectId: project } })).toEqual({
      artifacts: 3,
      bytes: 12,
      unsized: 1,
      backends: [
        { storageBackend: 's3', artifacts: 2, bytes: 12, unsized: 0 },
        { storageBackend: 'local', artifacts: 1, bytes: 0, unsized: 1 },
      ],
      types: [
        { artifactType: 'ami', artifacts: 2, bytes: 12, unsized: 0 },
        { artifactType: 'log', artifacts: 1, bytes: 0, unsized: 1 },
      ],
    });
  });

  it('shows how long states take and how often they fail, over time', async () => {
    const project = await bench.newProject();
    const now = Date.now();
    const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
    for (const seconds of [10, 20, 40]) {
      const buildId = await bench.newBuild({ project });
      await bench.report(buildId, { state: 5, startTime: ago(100 + seconds), endTime: ago(100) });
      // Nobody saw this one start, so that it says nothing of how long the state takes.
      await bench.report(buildId, { state: 10 });
      await bench.report(buildId, {
        state: 15,
        status: 'failed',
        category: 'transient',
        ...(seconds === 10 && { component: 'packer' }),
      });
    }
    const query = { projectId: project, period: '24h' };
    const durations = await bench.call('getDurationTrends', { query });
    expect(durations).toMatchObject({ period: '24h', bucket: 'hour', truncated: false });
    expect(durations.states).toMatchObject([
      {
        project,
        state: 5,
        stateName: 'kickstart',
        count: 3,
        medianSeconds: 20,
        p90Seconds: 36,
        minSeconds: 10,
        maxSeconds: 40,
      },
    ]);
    expect(durations.states[0]?.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    const failures = await bench.call('getFailureTrends', { query: { ...query, bucket: 'week' } });
    expect(failures).toMatchObject({
      bucket: 'week',
      failures: 3,
      completions: 6,
      failureRate: 0.3333,
      categories: [{ category: 'transient', count: 3 }],
      components: [
        { component: 'configuration', count: 2 },
        { component: 'packer', count: 1 },
      ],
      states: [{ state: 15, failures: 3, completions: 0, failureRate: 1 }],
    });
    const packer = await bench.call('getFailureTrends', { query: { ...query, component: 'packer' } });
    expect([packer.failures, packer.completions]).toEqual([1, 0]);
    const other = await bench.call('getDurationTrends', { query: { ...query, state: '30' } });
    expect(other.states).toEqual([]);
  });

  it('compares builds state by state, and marks what differs', async () => {
    const project = await bench.newProject();
    const [good, bad] = [
      await bench.newBuild({ project, buildNumber: 'good' }),
      await bench.newBuild({ project }),
    ];
    const image = { artifactStorageType: 's3', artifactStoragePath: 's3://b/x' };
    await bench.report(good, { state: 5, ...image, artifactChecksum: 'AB'.repeat(32) });
    await bench.report(bad, { state: 5, ...image, artifactChecksum: `sha256:${'ab'.repeat(32)}` });
    await bench.report(good, { state: 10 });
    await bench.report(bad, { state: 10, status: 'failed', errorMessage: 'no space left' });
    await bench.report(bad, { state: 10, status: 'failed', errorMessage: 'no space left again' });
    const compared = await bench.call('compareBuilds', { query: { ids: `${project}:good, ${bad}` } });
    expect(compared.builds.map(({ id }) => id)).toEqual([good, bad]);
    expect(compared.differingStates).toBe(1);
    expect(compared.states).toMatchObject([
      { state: 5, stateName: 'kickstart', differs: [] },
      {
        state: 10,
        differs: ['status', 'attempts', 'message'],
        builds: [
          { buildId: good, status: 'completed', attempts: 1, message: null },
          { buildId: bad, status: 'failed', attempts: 2, message: 'no space left again' },
        ],
      },
    ]);
    const compare = (ids: string) => () => bench.call('compareBuilds', { query: { ids } });
    await bench.refused('validation_failed', compare(good));
    await bench.refused('validation_failed', compare(`${good},,${bad}`));
    await bench.refused('validation_failed', compare(`${good},${project}:good`));
    await bench.refused('validation_failed', compare(Array.from({ length: 11 }, () => good).join(',')));
    await bench.refused('not_found', compare(`${good},${randomUUID()}`));
  });
}
