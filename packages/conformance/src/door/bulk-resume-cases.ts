import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** Asking many failed builds to go on. */
export function bulkResumeCases(bench: DoorBench): void {
  const failedBuild = async (project: string, failure: object) => {
    const build = await bench.newBuild({ project });
    await bench.report(build, { state: 10 });
    await bench.report(build, { state: 25, status: 'failed', ...failure });
    return build;
  };
  const requestsOf = async (buildId: string) =>
    (await bench.call('listResumeRequests', { params: { buildId } })).map(({ id }) => id);

  it('asks of every failed build that is meant, newest first, and of no other', async () => {
    const project = await bench.newProject();
    const disk = await failedBuild(project, { errorMessage: 'No space left on device', errorCode: 'ENOSPC' });
    const mirror = await failedBuild(project, { errorMessage: 'Mirror (eu-1) timed out' });
    const other = await failedBuild(project, { errorMessage: 'timed out', component: 'vault' });
    await bench.newBuild({ project });
    const elsewhere = await failedBuild(await bench.newProject(), { errorMessage: 'timed out' });

    const all = { projectId: project, matching: 'TIMED (out|off)', reason: 'The mirror is back' };
    const { results, ...rest } = await bench.call('bulkResume', { body: all });
    expect(rest).toEqual({ dryRun: false, examined: 3, nextCursor: null });
    expect(results.map(({ buildId, outcome }) => [buildId, outcome])).toEqual([
      [other, 'requested'],
      [mirror, 'requested'],
    ]);
    expect(results[1]).toMatchObject({
      project,
      failedState: 25,
      errorMessage: 'Mirror (eu-1) timed out',
      resumeFromState: 25,
      problem: null,
    });
    expect(await requestsOf(mirror)).toEqual([results[1]?.requestId]);
    const [request] = await bench.call('listResumeRequests', { params: { buildId: mirror } });
    expect(request?.resumeReason).toBe('The mirror is back');
    expect(await requestsOf(disk)).toEqual([]);
    expect(await requestsOf(elsewhere)).toEqual([]);

    for (const matching of ['vault', 'enospc']) {
      const found = await bench.call('bulkResume', { body: { projectId: project, matching, dryRun: true } });
      expect(found.results).toHaveLength(1);
    }
  });

  it('answers what was requested before, and asks for nothing in a dry run', async () => {
    const project = await bench.newProject();
    const build = await failedBuild(project, {});
    const body = { projectId: project };
    const dry = await bench.call('bulkResume', { body: { ...body, dryRun: true } });
    expect(dry.results).toMatchObject([
      { buildId: build, outcome: 'would_be_requested', resumeFromState: 25, requestId: null },
    ]);
    expect(await requestsOf(build)).toEqual([]);
    const first = await bench.call('bulkResume', { body });
    const again = await bench.call('bulkResume', { body });
    const { requestId } = first.results[0] ?? {};
    expect(first.results).toMatchObject([{ outcome: 'requested' }]);
    expect(again.results).toMatchObject([{ outcome: 'already_requested', requestId, resumeFromState: 25 }]);
    expect(await requestsOf(build)).toEqual([requestId]);
  });

  it('says why a build cannot go on', async () => {
    const project = await bench.newProject();
    const build = await failedBuild(project, {});
    const needed = { stateCode: 25, requiredVariables: ['ip'] };
    await bench.call('createResumableState', { params: { projectId: project }, body: needed });
    const { results } = await bench.call('bulkResume', { body: { projectId: project } });
    expect(results).toMatchObject([
      {
        buildId: build,
        outcome: 'refused',
        requestId: null,
        problem: { code: 'not_resumable', status: 409 },
      },
    ]);
    expect(await requestsOf(build)).toEqual([]);
  });

  it('looks at failures of a time, and goes on behind a limit', async () => {
    const project = await bench.newProject();
    const builds = [];
    for (let number = 0; number < 3; number++) builds.unshift(await failedBuild(project, {}));
    const future = new Date(Date.now() + 3_600_000).toISOString();
    const past = new Date(Date.now() - 3_600_000).toISOString();
    const ask = async (body: object) =>
      bench.call('bulkResume', { body: { projectId: project, dryRun: true, ...body } });
    expect((await ask({ failedSince: future })).results).toEqual([]);
    expect((await ask({ failedSince: past })).results).toHaveLength(3);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await ask({ limit: 2, cursor });
      seen.push(...page.results.map(({ buildId }) => buildId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(builds);
  });

  it('refuses to mean every failed build there is, and what is no pattern', async () => {
    const refused = async (body: object) => {
      const error = await bench.refused('validation_failed', () => bench.call('bulkResume', { body }));
      return error.problems.map(({ path }) => path);
    };
    expect(await refused({ reason: 'all of them' })).toEqual(['project_id']);
    expect(await refused({ matching: '(' })).toEqual(['matching']);
    expect(await refused({ matching: '(a{1,99}){1,9}' })).toEqual(['matching']);
    expect(await refused({ failedSince: 'yesterday' })).toEqual(['failed_since']);
    await bench.refused('not_found', () => bench.call('bulkResume', { body: { projectId: randomUUID() } }));
  });
}
