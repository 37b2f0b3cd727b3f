import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** Projects and their rules. */
export function projectCases(bench: DoorBench): void {
  it('makes, changes, lists and deactivates a project', async () => {
    const name = await bench.newProject();
    const params = { projectId: name };
    await bench.call('updateProject', {
      params,
      body: { artifactBase: 's3://images/x', settings: { Team: 'a_b' } },
    });
    const project = await bench.call('getProject', { params });
    expect(project).toMatchObject({ name, artifactBase: 's3://images/x', settings: { Team: 'a_b' } });
    expect(await bench.call('getProject', { params: { projectId: project.id } })).toEqual(project);
    await bench.refused('validation_failed', () =>
      bench.call('updateProject', { params, body: { name: 'other' } }),
    );
    await bench.refused('already_exists', () => bench.call('createProject', { body: { name } }));
    await bench.call('deleteProject', { params });
    const names = (await bench.call('listProjects', { query: { limit: '1000' } })).map((one) => one.name);
    expect(names).not.toContain(name);
  });

  it('starts with the default catalogue and lets it be changed', async () => {
    const params = { projectId: await bench.newProject() };
    const codes = await bench.call('listStateCodes', { params });
    expect(codes.map(({ stateCode }) => stateCode)).toEqual(
      Array.from({ length: 21 }, (_, index) => index * 5),
    );
    await bench.call('createStateCode', { params, body: { stateCode: 42, name: 'between' } });
    const one = await bench.call('getStateCode', { params: { ...params, stateCode: '42' } });
    expect(one).toMatchObject({ name: 'between', displayName: 'Between' });
    await bench.refused('already_exists', () =>
      bench.call('createStateCode', { params, body: { stateCode: 42, name: 'again' } }),
    );
    await bench.refused('validation_failed', () =>
      bench.call('putStateCode', { params: { ...params, stateCode: '43' }, body: { name: 'between' } }),
    );
    await bench.call('deprecateStateCode', { params: { ...params, stateCode: '42' } });
    const deprecated = await bench.call('getStateCode', { params: { ...params, stateCode: '42' } });
    expect(deprecated.deprecatedAt).not.toBeNull();
    await bench.refused('validation_failed', () =>
      bench.call('deprecateStateCode', { params: { ...params, stateCode: '100' } }),
    );
  });

  it('refuses names that mean another state', async () => {
    const params = { projectId: await bench.newProject() };
    const refused = async (body: object) => {
      const error = await bench.refused('validation_failed', () =>
        bench.call('putStateCode', {
          params: { ...params, stateCode: '42' },
          body: { name: 'between', ...body },
        }),
      );
      return error.problems.map(({ path }) => path);
    };
    expect(await refused({ name: '25' })).toEqual(['name']);
    expect(await refused({ name: 'state-25' })).toEqual(['name']);
    expect(await refused({ name: 'publish' })).toEqual(['name']);
    expect(await refused({ aliases: ['State_25'] })).toEqual(['aliases']);
    expect(await refused({ aliases: ['Package_Installation'] })).toEqual(['aliases']);
    expect(await refused({ prerequisites: [50] })).toEqual(['prerequisites']);
    await bench.call('putStateCode', {
      params: { ...params, stateCode: '42' },
      body: { name: 'state-42', aliases: ['Half_Way'] },
    });
    const build = await bench.newBuild({ project: params.projectId });
    expect((await bench.report(build, { stateName: 'half-way' })).state).toBe(42);
  });

  it('takes no builds while it is deactivated, and takes them again', async () => {
    const project = await bench.newProject();
    const params = { projectId: project };
    await bench.call('deleteProject', { params });
    const error = await bench.refused('validation_failed', () => bench.newBuild({ project }));
    expect(error.problems.map(({ path }) => path)).toEqual(['project']);
    await bench.call('updateProject', { params, body: { description: 'back again' } });
    await bench.newBuild({ project });
  });

  it('refuses references that contradict each other', async () => {
    const [one, other] = [await bench.newProject(), await bench.newProject()];
    const { id } = await bench.call('getProject', { params: { projectId: one } });
    await bench.newBuild({ projectId: id, project: one });
    const project = await bench.refused('validation_failed', () =>
      bench.newBuild({ projectId: id, project: other }),
    );
    expect(project.problems.map(({ path }) => path)).toEqual(['project']);
    const build = await bench.newBuild({ project: one, platform: 'aws' });
    const { platformId } = await bench.call('getBuild', { params: { buildId: build } });
    const platform = await bench.refused('validation_failed', () =>
      bench.newBuild({ project: one, platformId: platformId ?? '', platform: 'azure' }),
    );
    expect(platform.problems.map(({ path }) => path)).toEqual(['platform']);
  });

  it('has parents that are there, and is not its own ancestor', async () => {
    const [parent, child] = [await bench.newProject(), await bench.newProject()];
    const idOf = async (projectId: string) => (await bench.call('getProject', { params: { projectId } })).id;
    const adopt = async (projectId: string, parentProjectId: string) =>
      bench.call('updateProject', { params: { projectId }, body: { parentProjectId } });
    await adopt(child, await idOf(parent));
    const childId = await idOf(child);
    for (const [project, id] of [
      [parent, childId],
      [child, childId],
      [parent, randomUUID()],
    ] as const) {
      const error = await bench.refused('validation_failed', () => adopt(project, id));
      expect(error.problems.map(({ path }) => path)).toEqual(['parent_project_id']);
    }
  });

  it('moves the final state when another code is marked', async () => {
    const params = { projectId: await bench.newProject() };
    await bench.call('putStateCode', { params: { ...params, stateCode: '95' }, body: { isFinal: true } });
    const final = (await bench.call('listStateCodes', { params })).filter(({ isFinal }) => isFinal);
    expect(final.map(({ stateCode }) => stateCode)).toEqual([95]);
    const build = await bench.newBuild({ project: params.projectId });
    expect((await bench.report(build, { state: 95 })).buildStatus).toBe('completed');
  });

  it('keeps retry policies by state and for the whole project', async () => {
    const params = { projectId: await bench.newProject() };
    await bench.call('putRetryPolicy', {
      params: { ...params, stateCode: 'default' },
      body: { preset: 'manual' },
    });
    await bench.call('putRetryPolicy', { params: { ...params, stateCode: '25' }, body: { maxAttempts: 7 } });
    const policies = await bench.call('listRetryPolicies', { params });
    expect(policies.map(({ stateCode, policy }) => [stateCode, policy.strategy, policy.maxAttempts])).toEqual(
      [
        [null, 'manual', 1],
        [25, 'custom', 7],
      ],
    );
    await bench.refused('validation_failed', () =>
      bench.call('putRetryPolicy', {
        params: { ...params, stateCode: '25' },
        body: { initialDelaySeconds: 5000 },
      }),
    );
  });

  it('keeps how long histories of its builds are kept, and what holds where it says nothing', async () => {
    const params = { projectId: await bench.newProject() };
    const ofStore = { fullHistoryDays: 30, snapshotDays: 365, inherited: true };
    expect(await bench.call('getRetention', { params })).toEqual(ofStore);
    const set = await bench.call('putRetention', { params, body: { fullHistoryDays: 7 } });
    expect(set).toEqual({ fullHistoryDays: 7, snapshotDays: 365, inherited: false });
    await bench.call('putRetention', { params, body: { snapshotDays: 0 } });
    expect(await bench.call('getRetention', { params })).toEqual({ ...set, snapshotDays: 0 });
    for (const days of [-1, 1.5, 36_501])
      await bench.refused('validation_failed', () =>
        bench.call('putRetention', { params, body: { fullHistoryDays: days } }),
      );
    await bench.call('deleteRetention', { params });
    await bench.call('deleteRetention', { params });
    expect(await bench.call('getRetention', { params })).toEqual(ofStore);
  });

  it('classifies failures by its own patterns first, and refuses those that are none or cost too much', async () => {
    const project = await bench.newProject();
    const put = (patterns: readonly string[]) =>
      bench.call('updateProject', {
        params: { projectId: project },
        body: { failurePatterns: patterns.map((pattern) => ({ pattern, category: 'transient' as const })) },
      });
    const refused = async (patterns: readonly string[]) => {
      const error = await bench.refused('validation_failed', () => put(patterns));
      return error.problems.map(({ path }) => path);
    };
    expect(await refused(['good', '('])).toEqual(['failure_patterns.1.pattern']);
    expect(await refused(['(?=a)', '[z-a]'])).toEqual([
      'failure_patterns.0.pattern',
      'failure_patterns.1.pattern',
    ]);
    expect(await refused(Array.from({ length: 50 }, (_, index) => `(a{1,99}){1,2}${index}`))).toEqual([
      'failure_patterns',
    ]);
    await put(['(x+)+$', 'checksum mismatch at mirror-\\d+']);
    const build = await bench.newBuild({ project });
    const fail = async (errorMessage: string) =>
      (await bench.report(build, { state: 5, status: 'failed', errorMessage })).retryDecision?.category;
    expect(await fail('Checksum mismatch at mirror-7')).toBe('transient');
    expect(await fail('Checksum mismatch')).toBe('persistent');
    expect(await fail(`${'x'.repeat(8000)}!`)).toBe('unknown');
  });

  it('keeps how states are resumed', async () => {
    const params = { projectId: await bench.newProject() };
    const body = { stateCode: 35, resumeStrategy: 'skip_to_next', requiredVariables: ['ip'] } as const;
    await bench.call('createResumableState', { params, body });
    const one = { params: { ...params, stateCode: '35' } };
    expect(await bench.call('getResumableState', one)).toMatchObject({ ...body, resumeTimeoutSeconds: 3600 });
    await bench.call('putResumableState', { ...one, body: { isResumable: false } });
    expect(await bench.call('getResumableState', one)).toMatchObject({ ...body, isResumable: false });
    await bench.call('deleteResumableState', one);
    await bench.refused('not_found', () => bench.call('getResumableState', one));
  });

  it('finds builds by id, prefix and number, and lists them newest first with filters and pages', async () => {
    const project = await bench.newProject();
    const made: string[] = [];
    for (const buildNumber of ['a', 'b', 'c']) {
      made.push(
        await bench.newBuild({
          project,
          buildNumber,
          platform: `aws-${buildNumber}`,
          description: `x${buildNumber}`,
        }),
      );
    }
    const get = (buildId: string) => bench.call('getBuild', { params: { buildId } });
    expect((await get(`${project}:b`)).id).toBe(made[1]);
    expect((await get(made[2]?.slice(0, 35) ?? '')).id).toBe(made[2]);
    await bench.refused('not_found', () => get(`${project}:z`));
    await bench.refused('not_found', () => get('00000000-0000-4000-8000-000000000000'));
    await bench.refused('validation_failed', () => get('!'));
    await bench.report(made[0] ?? '', { state: 50, status: 'failed' });
    const list = async (query: object) => {
      const items = await bench.call('listBuilds', { query: { projectId: project, ...query } });
      return items.map(({ buildNumber }) => buildNumber).join('');
    };
    expect(await list({})).toBe('cba');
    expect(await list({ status: 'failed' })).toBe('a');
    expect(await list({ platformId: 'aws-b' })).toBe('b');
    expect(await list({ q: 'XC' })).toBe('c');
    expect(await list({ stateMin: '1' })).toBe('');
    const page = await bench.door.call('listBuilds', { query: { projectId: project, limit: '2' } });
    expect(await list({ limit: '2', cursor: page.next })).toBe('a');
    await bench.refused('validation_failed', () => list({ cursor: 'nonsense' }));
  });

  it('changes a build’s own JSON, and hides a deleted build', async () => {
    const build = await bench.newBuild();
    const params = { buildId: build };
    const changed = await bench.call('updateBuild', { params, body: { metadata: { some_Key: [1] } } });
    expect(changed.metadata).toEqual({ some_Key: [1] });
    await bench.call('deleteBuild', { params });
    await bench.refused('not_found', () => bench.call('getBuild', { params }));
    await bench.refused('not_found', () => bench.report(build, { state: 5 }));
  });
}
