import { randomUUID } from 'node:crypto';
import type { OperationInput } from '@buildstate/core';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

/** Parallel work inside a build: forks, what branches inherit, and parents that wait for them. */
export function branchCases(bench: DoorBench): void {
  const fork = (buildId: string, body: OperationInput<'forkBuild'>['body']) =>
    bench.call('forkBuild', { params: { buildId }, body });
  const get = (buildId: string) => bench.call('getBuild', { params: { buildId } });
  const context = (buildId: string) => bench.call('getResumeContext', { params: { buildId }, query: {} });
  const newParent = async (state = 50) => {
    const parent = await bench.newBuild({ description: 'all regions' });
    await bench.report(parent, { state: 25 });
    if (state > 25) await bench.report(parent, { state });
    return parent;
  };
  const artifact = (buildId: string, artifactName: string, stateCode: number) =>
    bench.call('registerArtifact', {
      params: { buildId },
      body: {
        artifactName,
        stateCode,
        artifactType: 'disk_image',
        artifactPath: `s3://images/${artifactName}-${randomUUID()}`,
        storageBackend: 's3',
      },
    });
  const set = (buildId: string, variableKey: string, variableValue: string, more = {}) =>
    bench.call('setVariable', { params: { buildId }, body: { variableKey, variableValue, ...more } });

  it('begins at the fork, with the states before it done', async () => {
    const parent = await newParent();
    const { buildNumber } = await get(parent);
    const branch = await fork(parent, { key: 'eu-west-1', until: 90 });
    expect(branch).toMatchObject({
      buildNumber: `${buildNumber}/eu-west-1`,
      parentBuildId: parent,
      branchKey: 'eu-west-1',
      branchedFromState: 50,
      branchUntil: 90,
      description: 'all regions',
      status: 'pending',
    });
    expect(await bench.where(branch.id)).toEqual([50, 50, null, 'pending']);
    expect(await bench.history(branch.id)).toEqual([]);
    const children = await bench.call('listBuilds', { query: { parentBuildId: parent } });
    expect(children.map(({ id }) => id)).toEqual([branch.id]);
    expect((await get(parent)).branches).toMatchObject([
      { branchKey: 'eu-west-1', buildId: branch.id, until: 90 },
    ]);
  });

  it('forks from an earlier state that was completed, and from no other', async () => {
    const parent = await newParent();
    expect(await fork(parent, { key: 'early', fromState: 25 })).toMatchObject({ currentState: 25 });
    const error = await bench.refused('illegal_transition', () => fork(parent, { key: 'no', fromState: 30 }));
    expect(error.context).toMatchObject({ from_state: 30, completed_states: [25, 50] });
  });

  it('answers the same branch for the same wish, and refuses another one', async () => {
    const parent = await newParent();
    const first = await fork(parent, { key: 'a', until: 90, metadata: { region: 'a' } });
    await bench.report(parent, { state: 55 });
    const again = await fork(parent, { key: 'a', until: 90, metadata: { region: 'a' } });
    expect(again.id).toBe(first.id);
    for (const wish of [{ until: 95 }, { until: 90, fromState: 25 }, { until: 90, metadata: {} }])
      await bench.refused('already_exists', () =>
        fork(parent, { key: 'a', metadata: { region: 'a' }, ...wish }),
      );
    expect((await get(parent)).branches).toHaveLength(1);
  });

  it('makes one branch of twenty forks at once', async () => {
    const parent = await newParent();
    const made = await Promise.all(Array.from({ length: 20 }, () => fork(parent, { key: 'a', until: 90 })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });

  it('takes keys that are good names everywhere', async () => {
    const parent = await newParent();
    for (const key of ['a/b', '', '..', '.hidden', 'ends.', 'two words', 'x'.repeat(64), 'a~2', 'ä'])
      await bench.refused('validation_failed', () => fork(parent, { key }));
    await fork(parent, { key: 'eu-west-1.prod_2' });
  });

  it('refuses a number that another build has', async () => {
    const number = randomUUID();
    const parent = await bench.newBuild({ buildNumber: number });
    await bench.newBuild({ buildNumber: `${number}/a` });
    await bench.refused('already_exists', () => fork(parent, { key: 'a', until: 90 }));
    expect((await get(parent)).branches).toEqual([]);
  });

  it('has the prerequisites that its parent has met', async () => {
    const project = await bench.newProject();
    await bench.call('putStateCode', {
      params: { projectId: project, stateCode: '60' },
      body: { prerequisites: [25, 55] },
    });
    const { id: parent } = await bench.call('createBuild', { body: { project } });
    await bench.report(parent, { state: 25 });
    const { id: branch } = await fork(parent, { key: 'a' });
    await bench.refused('missing_prerequisites', () => bench.report(branch, { state: 60 }));
    await bench.report(branch, { state: 55 });
    await bench.report(branch, { state: 60 });
    expect(await bench.where(branch)).toEqual([60, 60, null, 'running']);
  });

  it('inherits resumable artifacts up to the fork, and has its own before them', async () => {
    const parent = await newParent();
    const base = await artifact(parent, 'base', 25);
    const hardened = await artifact(parent, 'hardened', 50);
    const { id: branch } = await fork(parent, { key: 'a' });
    await bench.report(parent, { state: 55 });
    await artifact(parent, 'late', 55);
    expect((await context(branch)).artifacts.map(({ id }) => id)).toEqual([base.id, hardened.id]);
    await bench.report(branch, { state: 60 });
    const own = await artifact(branch, 'hardened', 60);
    expect((await context(branch)).artifacts.map(({ id }) => id)).toEqual([base.id, own.id]);
    const params = { buildId: branch };
    expect(await bench.call('listArtifacts', { params })).toHaveLength(1);
    const all = await bench.call('listArtifacts', { params, query: { includeInherited: 'true' } });
    expect(all.map(({ artifactName, buildId }) => [artifactName, buildId])).toEqual([
      ['base', parent],
      ['hardened', parent],
      ['hardened', branch],
    ]);
    const found = await bench.call('getArtifact', { params: { buildId: branch, artifactId: 'base' } });
    expect(found.id).toBe(base.id);
  });

  it('reads the variables of the builds above, encrypted ones too', async () => {
    const parent = await newParent();
    await set(parent, 'PLAN', 'small');
    await set(parent, 'PASSWORD', 'hunter2-of-the-parent', { isSensitive: true });
    const { id: branch } = await fork(parent, { key: 'a' });
    await set(parent, 'LATER', 'yes', { setAtState: 55 });
    await set(parent, 'ADDED', 'yes', { setAtState: 25 });
    await set(branch, 'PLAN', 'large');
    const { variables } = await context(branch);
    expect(variables).toEqual({ ADDED: 'yes', PASSWORD: 'hunter2-of-the-parent', PLAN: 'large' });
    const one = await bench.call('getVariable', { params: { buildId: branch, variableKey: 'PASSWORD' } });
    expect(one).toMatchObject({ buildId: parent, variableValue: 'hunter2-of-the-parent' });
    await bench.report(branch, {
      state: 60,
      status: 'failed',
      errorMessage: 'hunter2-of-the-parent was refused',
    });
    const failures = await bench.call('listFailures', { params: { buildId: branch } });
    expect(failures[0]?.errorMessage).not.toContain('hunter2');
  });

  it('lives on its own: fails, is retried and is resumed without its parent and its sisters', async () => {
    const parent = await newParent();
    const [a, b] = [await fork(parent, { key: 'a', until: 90 }), await fork(parent, { key: 'b', until: 90 })];
    await bench.report(a.id, { state: 60, status: 'failed', errorMessage: 'connection timed out' });
    await bench.report(b.id, { state: 60 });
    expect(await bench.where(parent)).toEqual([50, 50, null, 'running']);
    expect((await context(a.id)).resumeFromState).toBe(60);
    await bench.call('retryBuild', { params: { buildId: a.id } });
    await bench.report(a.id, { state: 90 });
    expect(await bench.where(a.id)).toEqual([90, 90, null, 'completed']);
    expect(await bench.where(b.id)).toEqual([60, 60, null, 'running']);
  });

  it('goes back to the fork, and no further', async () => {
    const parent = await newParent();
    const { id: branch } = await fork(parent, { key: 'a' });
    await bench.report(branch, { state: 60 });
    const back = (targetState: number) =>
      bench.call('rollbackBuild', { params: { buildId: branch }, body: { targetState } });
    await bench.refused('illegal_transition', () => back(25));
    await back(50);
    expect(await bench.where(branch)).toEqual([50, 50, null, 'running']);
  });

  it('holds its parent at the join, and names who holds it', async () => {
    const parent = await newParent();
    const a = await fork(parent, { key: 'a', until: 90 });
    const b = await fork(parent, { key: 'b', until: 90 });
    await bench.report(parent, { state: 90 });
    await bench.report(a.id, { state: 90 });
    await bench.report(b.id, { state: 60, status: 'failed' });
    for (const status of ['started', 'completed', 'failed', 'skipped'] as const) {
      const error = await bench.refused('blocked_by_branches', () =>
        bench.report(parent, { state: 95, status }),
      );
      expect(error.message).toContain('b (failed at state 50)');
      expect(error.context.blocked_by).toEqual([
        { build_id: b.id, branch_key: 'b', status: 'failed', current_state: 50, until: 90, made: true },
      ]);
    }
    const blockedBy = [
      { buildId: b.id, branchKey: 'b', status: 'failed', currentState: 50, until: 90, made: true },
    ];
    expect((await get(parent)).blockedBy).toEqual(blockedBy);
    const { project } = await get(parent);
    const listed = await bench.call('listBuilds', { query: { projectId: project, limit: '1000' } });
    expect(listed.find(({ id }) => id === parent)?.blockedBy).toEqual(blockedBy);
    await bench.call('retryBuild', { params: { buildId: b.id } });
    await bench.report(b.id, { state: 90 });
    expect((await get(parent)).blockedBy).toEqual([]);
    await bench.report(parent, { state: 95 });
    expect(await bench.where(parent)).toEqual([95, 95, null, 'running']);
  });

  it('does not end before the branches that end with it', async () => {
    const parent = await newParent();
    const { id: branch } = await fork(parent, { key: 'a', until: 100 });
    await bench.report(parent, { state: 100, status: 'started' });
    await bench.refused('blocked_by_branches', () => bench.report(parent, { state: 100 }));
    await bench.report(branch, { state: 100 });
    await bench.report(parent, { state: 100 });
    expect((await get(parent)).status).toBe('completed');
  });

  it('does not wait where it has passed, nor before the fork, nor beyond the end', async () => {
    const parent = await newParent();
    for (const until of [50, 45])
      await bench.refused('illegal_transition', () => fork(parent, { key: 'a', until }));
    await bench.report(parent, { state: 70 });
    await bench.refused('illegal_transition', () => fork(parent, { key: 'a', fromState: 50, until: 60 }));
    const { id: branch } = await fork(parent, { key: 'a', until: 90 });
    await bench.refused('illegal_transition', () => fork(branch, { key: 'b', until: 95 }));
    await bench.refused('illegal_transition', () => bench.report(branch, { state: 95 }));
  });

  it('goes on when the last two branches are completed at once', async () => {
    for (let round = 0; round < 5; round++) {
      const parent = await newParent();
      const [a, b] = [
        await fork(parent, { key: 'a', until: 90 }),
        await fork(parent, { key: 'b', until: 90 }),
      ];
      const started = bench.report(parent, { state: 95, status: 'started' }).then(
        () => 'started',
        ({ code }) => code,
      );
      await Promise.all([bench.report(a.id, { state: 90 }), bench.report(b.id, { state: 90 })]);
      expect(['started', 'blocked_by_branches']).toContain(await started);
      await bench.report(parent, { state: 95 });
      expect(await bench.where(parent)).toEqual([95, 95, null, 'running']);
    }
  });

  it('is held by a cancelled branch until it is forked again or let go', async () => {
    const parent = await newParent();
    const a = await fork(parent, { key: 'a', until: 90 });
    const b = await fork(parent, { key: 'b', until: 90 });
    for (const { id } of [a, b]) await bench.call('cancelBuild', { params: { buildId: id } });
    const error = await bench.refused('blocked_by_branches', () => bench.report(parent, { state: 95 }));
    expect(error.message).toContain('--again');
    expect(error.message).toContain('--let-go');
    const renewed = await fork(parent, { key: 'a', until: 90, again: true });
    expect(renewed.id).not.toBe(a.id);
    expect(renewed.buildNumber).toBe(`${a.buildNumber}~2`);
    const letGo = () => bench.call('letBranchGo', { params: { buildId: parent, branchKey: 'b' } });
    await letGo();
    await letGo();
    await bench.refused('blocked_by_branches', () => bench.report(parent, { state: 95 }));
    await bench.report(renewed.id, { state: 90 });
    await bench.report(parent, { state: 95 });
    await bench.refused('not_found', () =>
      bench.call('letBranchGo', { params: { buildId: parent, branchKey: 'c' } }),
    );
  });

  it('is not held by a branch that was deleted', async () => {
    const parent = await newParent();
    const { id } = await fork(parent, { key: 'a', until: 90 });
    await bench.call('deleteBuild', { params: { buildId: id } });
    await bench.report(parent, { state: 95 });
    expect((await get(parent)).blockedBy).toEqual([]);
  });

  it('makes a new branch in the place of one that was deleted', async () => {
    const parent = await newParent();
    const { id } = await fork(parent, { key: 'a', until: 90 });
    await bench.call('deleteBuild', { params: { buildId: id } });
    const second = await fork(parent, { key: 'a', until: 90, again: true });
    expect(second).toMatchObject({ branchKey: 'a', status: 'pending' });
    await bench.refused('blocked_by_branches', () => bench.report(parent, { state: 95 }));
  });

  it('gives a branch up when its key is forked again', async () => {
    const parent = await newParent();
    const first = await fork(parent, { key: 'a', until: 90 });
    const second = await fork(parent, { key: 'a', until: 90, again: true });
    expect((await get(first.id)).status).toBe('cancelled');
    expect((await get(parent)).branches).toMatchObject([
      { buildId: second.id, replaces: first.id, generation: 2 },
    ]);
  });

  it('is not held by branches of work that was rolled back, and forks them anew', async () => {
    const parent = await newParent();
    const first = await fork(parent, { key: 'a', until: 90 });
    await bench.call('rollbackBuild', { params: { buildId: parent }, body: { targetState: 25 } });
    expect((await get(parent)).blockedBy).toEqual([]);
    await bench.report(parent, { state: 50 });
    const second = await fork(parent, { key: 'a', until: 90 });
    expect(second.id).not.toBe(first.id);
    expect((await get(first.id)).status).toBe('cancelled');
    await bench.refused('blocked_by_branches', () => bench.report(parent, { state: 95 }));
  });

  it('forks nothing that waits off a build that is over', async () => {
    const parent = await newParent();
    await bench.report(parent, { state: 100 });
    await bench.refused('build_closed', () => fork(parent, { key: 'a', until: 100 }));
    expect(await fork(parent, { key: 'variant', fromState: 50 })).toMatchObject({ currentState: 50 });
  });

  it('shows the whole tree from any of its builds, branches of branches included', async () => {
    const parent = await newParent();
    const base = await artifact(parent, 'base', 25);
    const a = await fork(parent, { key: 'a', until: 90 });
    const b = await fork(parent, { key: 'b', until: 90 });
    await bench.report(a.id, { state: 60 });
    const a1 = await fork(a.id, { key: '1', until: 80 });
    expect((await context(a1.id)).artifacts.map(({ id }) => id)).toEqual([base.id]);
    await bench.refused('blocked_by_branches', () => bench.report(a.id, { state: 90 }));
    const tree = await bench.call('getTree', { params: { buildId: a1.id } });
    expect(tree).toMatchObject({ buildId: a1.id, rootBuildId: parent, truncated: false });
    expect(tree.builds.map(({ id, depth, progress }) => [id, depth, progress])).toEqual([
      [parent, 0, 50],
      [a.id, 1, 60],
      [a1.id, 2, 60],
      [b.id, 1, 50],
    ]);
    expect(tree.builds[0]?.blockedBy.map(({ branchKey }) => branchKey)).toEqual(['a', 'b']);
    expect(tree.builds[1]?.blockedBy.map(({ buildId }) => buildId)).toEqual([a1.id]);
  });

  it("is nobody's to claim for the joined state while branches hold it, and is when the last is done", async () => {
    const project = await bench.newProject();
    const { id: parent } = await bench.call('createBuild', { body: { project } });
    await bench.report(parent, { state: 85 });
    const branches = [
      await fork(parent, { key: 'a', until: 90 }),
      await fork(parent, { key: 'b', until: 90 }),
    ];
    const claim = async () => (await bench.call('claimBuild', { body: { project, holder: 'w' } }))?.build.id;
    expect([await claim(), await claim()].sort()).toEqual(branches.map(({ id }) => id).sort());
    expect(await claim()).toBeUndefined();
    for (const { id } of branches) {
      const { lease } = await get(id);
      await bench.report(id, { state: 90, leaseToken: lease?.token });
    }
    expect(await claim()).toBe(parent);
  });

  it('is handed out beside its branches for what it has to do before they join', async () => {
    const project = await bench.newProject();
    const { id: parent } = await bench.call('createBuild', { body: { project } });
    await bench.report(parent, { state: 80 });
    await fork(parent, { key: 'a', until: 90 });
    const claim = async (wish: { states?: string[]; joining?: string[] } = {}) =>
      await bench.call('claimBuild', { body: { project, holder: 'w', ...wish } });
    const states = ['85-100'];
    // The branch is the only one that this worker may do anything about.
    expect((await claim({ states, joining: ['81-90'] }))?.build.parentBuildId).toBe(parent);
    expect(await claim({ states, joining: ['81-90'] })).toBeUndefined();
    const claimed = await claim({ states });
    expect(claimed).toMatchObject({ build: { id: parent }, nextState: 85, reason: 'free' });
    const leaseToken = claimed?.lease.token;
    await bench.report(parent, { state: 85, leaseToken });
    await bench.call('releaseLease', { params: { buildId: parent }, query: { token: `${leaseToken}` } });
    expect(await claim()).toBeUndefined();
  });

  it('has a bottom', async () => {
    let build = await newParent();
    for (let depth = 0; depth < 5; depth++) build = (await fork(build, { key: 'deeper' })).id;
    await bench.refused('limit_exceeded', () => fork(build, { key: 'deeper' }));
  });

  it('is recorded in both builds', async () => {
    const parent = await newParent();
    const { id } = await fork(parent, { key: 'a', until: 90 });
    const events = await bench.call('listEvents', { params: { buildId: parent } });
    expect(events.at(-1)).toMatchObject({
      type: 'build.branched',
      data: { branch_key: 'a', build_id: id, from_state: 50, until: 90 },
    });
    const born = await bench.call('listEvents', { params: { buildId: id } });
    expect(born).toMatchObject([
      { type: 'build.created', data: { parent_build_id: parent, branch_key: 'a' } },
    ]);
  });
}
