import { randomUUID } from 'node:crypto';
import type { OperationAnswer, OperationInput } from '@buildstate/core';
import { expect, it } from 'vitest';
import type { DoorBench } from './bench.ts';

type Wish = Partial<NonNullable<OperationInput<'claimBuild'>['body']>>;
type Claim = NonNullable<OperationAnswer<'claimBuild'>>;

/** Long enough for any store on a busy machine; a case ends as soon as there is a build. */
const patient = { waitSeconds: 30 };

/** Who is given what to do. Every case has a project of its own. */
export function claimCases(bench: DoorBench): void {
  const claim = (project: string, wish: Wish = {}) =>
    bench.call('claimBuild', { body: { project, holder: 'w', ...wish } });
  const mustClaim = async (project: string, wish: Wish = {}): Promise<Claim> => {
    const claimed = await claim(project, wish);
    if (claimed === undefined) throw new Error('there is nothing to claim');
    return claimed;
  };
  const idsOf = (claims: readonly (Claim | undefined)[]) => claims.map((one) => one?.build.id);
  const builds = async (project: string, count: number) => {
    const ids: string[] = [];
    for (let made = 0; made < count; made++) ids.push(await bench.newBuild({ project }));
    return ids;
  };
  const release = ({ lease }: Claim) =>
    bench.call('releaseLease', {
      params: { buildId: lease.buildId },
      query: { token: String(lease.token) },
    });

  it('answers nothing where there is nothing', async () => {
    expect(await claim(await bench.newProject())).toBeUndefined();
  });

  it('hands out a new build with its lease, where it begins and why', async () => {
    const project = await bench.newProject();
    const [id] = await builds(project, 1);
    const identity = { host: 'builder-7', pid: 4711 };
    const claimed = await mustClaim(project, { holder: 'ci #1', ttlSeconds: 90, identity });
    expect(claimed).toMatchObject({
      build: { id, status: 'pending', project, lease: { token: 1 } },
      lease: { buildId: id, holder: 'ci #1', token: 1, ttlSeconds: 90, identity, releasedAt: null },
      nextState: 0,
      nextStateName: 'initial',
      reason: 'pending',
    });
    await bench.refused('state_in_progress', () => bench.report(String(id), { state: 5 }));
    await bench.report(String(id), { state: 5, leaseToken: claimed.lease.token });
    expect(await claim(project)).toBeUndefined();
  });

  it('hands out the oldest first, and what was given back before what is newer', async () => {
    const project = await bench.newProject();
    const ids = await builds(project, 3);
    const first = await mustClaim(project);
    const second = await mustClaim(project);
    expect(idsOf([first, second])).toEqual(ids.slice(0, 2));
    await release(first);
    expect(idsOf([await claim(project), await claim(project), await claim(project)])).toEqual([
      ids[0],
      ids[2],
      undefined,
    ]);
  });

  it('hands every build to exactly one of many who ask at once', async () => {
    const project = await bench.newProject();
    const ids = await builds(project, 12);
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => claim(project, { holder: `w${index}` })),
    );
    const given = idsOf(claims).filter((id) => id !== undefined);
    expect(given.toSorted()).toEqual(ids.toSorted());
    for (const [index, one] of claims.entries())
      if (one !== undefined) expect(one.lease).toMatchObject({ holder: `w${index}`, token: 1 });
  });

  it('hands on what another worker completed, to whoever can do the next state', async () => {
    const project = await bench.newProject();
    await builds(project, 1);
    const a = await mustClaim(project, { states: ['0-30'] });
    for (const state of [5, 10, 30]) await bench.report(a.build.id, { state, leaseToken: a.lease.token });
    await release(a);
    expect(await claim(project, { states: ['0-30'] })).toBeUndefined();
    expect(await claim(project, { states: [40, '50-70'] })).toBeUndefined();
    const b = await mustClaim(project, { states: [40, '35-70'] });
    expect(b).toMatchObject({
      build: { id: a.build.id },
      nextState: 35,
      reason: 'free',
      lease: { token: 2 },
    });
  });

  it('hands out what somebody began whose lease has expired, and records that in the same change', async () => {
    const project = await bench.newProject();
    await builds(project, 1);
    const b = await mustClaim(project, { ttlSeconds: 1 });
    await bench.report(b.build.id, { state: 50, status: 'started', leaseToken: b.lease.token });
    expect(await claim(project)).toBeUndefined();
    const c = await mustClaim(project, { states: [50], ...patient });
    expect(c).toMatchObject({
      build: { id: b.build.id, openAttempt: null },
      lease: { token: 2 },
      nextState: 50,
      reason: 'abandoned',
    });
    expect(await bench.history(b.build.id)).toEqual(['50#1 abandoned']);
    const events = await bench.call('listEvents', { params: { buildId: b.build.id } });
    expect(events.slice(-3).map(({ type }) => type)).toEqual([
      'state.abandoned',
      'lease.lost',
      'lease.acquired',
    ]);
    await bench.refused('lease_lost', () =>
      bench.report(b.build.id, { state: 50, leaseToken: b.lease.token }),
    );
  });

  it('hands out what was given up half done', async () => {
    const project = await bench.newProject();
    await builds(project, 1);
    const first = await mustClaim(project);
    await bench.report(first.build.id, { state: 35, status: 'started', leaseToken: first.lease.token });
    await release(first);
    expect(await mustClaim(project)).toMatchObject({ nextState: 35, reason: 'abandoned' });
  });

  it('leaves alone what was begun without a lease', async () => {
    const project = await bench.newProject();
    const [id = ''] = await builds(project, 1);
    await bench.report(id, { state: 5, status: 'started' });
    expect(await claim(project)).toBeUndefined();
    await bench.report(id, { state: 5 });
    expect(await mustClaim(project)).toMatchObject({ nextState: 10, reason: 'free' });
  });

  it('hands out a failed build when it is due to be tried again, and not one that is exhausted', async () => {
    const project = await bench.newProject();
    await bench.call('putRetryPolicy', {
      params: { projectId: project, stateCode: 'default' },
      body: { maxAttempts: 2, initialDelaySeconds: 1, maxDelaySeconds: 1 },
    });
    const [id = ''] = await builds(project, 1);
    const fail = (leaseToken?: number) =>
      bench.call('recordFailure', {
        params: { buildId: id },
        body: { state: 35, errorMessage: 'broken', category: 'transient', leaseToken },
      });
    await bench.report(id, { state: 35, status: 'started' });
    await fail();
    expect(await claim(project, { states: ['0-30'] })).toBeUndefined();
    const claimed = await mustClaim(project, { states: [35], ...patient });
    expect(claimed).toMatchObject({ build: { id }, nextState: 35, reason: 'retry_due' });
    await fail(claimed.lease.token);
    await release(claimed);
    expect(await claim(project, { waitSeconds: 2 })).toBeUndefined();
    await bench.call('retryBuild', { params: { buildId: id } });
    expect(await mustClaim(project)).toMatchObject({ nextState: 35, reason: 'free' });
  });

  it('leaves alone what is completed, cancelled or deleted', async () => {
    const project = await bench.newProject();
    const [completed = '', cancelled = '', deleted = ''] = await builds(project, 3);
    await bench.report(completed, { state: 100 });
    await bench.call('cancelBuild', { params: { buildId: cancelled } });
    await bench.call('deleteBuild', { params: { buildId: deleted } });
    expect(await claim(project)).toBeUndefined();
  });

  it('takes over at once what a process left that the caller has seen to be gone', async () => {
    const project = await bench.newProject();
    const [id = ''] = await builds(project, 1);
    const dead = await mustClaim(project);
    await bench.report(id, { state: 35, status: 'started', leaseToken: dead.lease.token });
    const gone = (token: number) => ({ holdersGone: [{ buildId: id, token }] });
    expect(await claim(project, gone(dead.lease.token + 1))).toBeUndefined();
    expect(await claim(await bench.newProject(), gone(dead.lease.token))).toBeUndefined();
    expect(await claim(project, { ...gone(dead.lease.token), states: ['0-30'] })).toBeUndefined();
    expect(await mustClaim(project, gone(dead.lease.token))).toMatchObject({
      build: { id },
      reason: 'abandoned',
      nextState: 35,
      lease: { token: dead.lease.token + 1 },
    });
    expect(await bench.history(id)).toEqual(['35#1 abandoned']);
  });

  it('keeps to the platform that is asked for', async () => {
    const project = await bench.newProject();
    const platform = `aws-${randomUUID()}`;
    await bench.newBuild({ project });
    const id = await bench.newBuild({ project, platform });
    expect(idsOf([await claim(project, { platform }), await claim(project, { platform })])).toEqual([
      id,
      undefined,
    ]);
    expect(await claim(project, { platform: 'none-such' })).toBeUndefined();
  });

  it('goes where an open resume request leads', async () => {
    const project = await bench.newProject();
    const [id = ''] = await builds(project, 1);
    for (const state of [5, 10, 30]) await bench.report(id, { state });
    await bench.call('requestResume', { params: { buildId: id }, body: { resumeFromState: 10 } });
    expect(await claim(project, { states: [35] })).toBeUndefined();
    expect(await mustClaim(project, { states: [10] })).toMatchObject({ nextState: 10 });
  });

  it('hands out a branch by the state that follows its fork', async () => {
    const project = await bench.newProject();
    const [parent = ''] = await builds(project, 1);
    for (const state of [5, 50]) await bench.report(parent, { state });
    const fork = (key: string, until?: number) =>
      bench.call('forkBuild', { params: { buildId: parent }, body: { key, until } });
    const ids = [(await fork('eu', 60)).id, (await fork('loose')).id];
    expect(await claim(project, { states: ['0-50'] })).toBeUndefined();
    // The parent itself could go on to 60 beside them.
    const wish = { states: ['55-60'], joining: ['51-60'] };
    const given = [await mustClaim(project, wish), await mustClaim(project, wish)];
    expect(idsOf(given)).toEqual(ids);
    expect(given.map(({ nextState, reason }) => [nextState, reason])).toEqual([
      [55, 'pending'],
      [55, 'pending'],
    ]);
  });

  it('waits for a build as long as it is asked to, and answers as soon as there is one', async () => {
    const project = await bench.newProject();
    const waiting = [claim(project, patient), claim(project, patient)];
    const ids = await builds(project, 2);
    expect(idsOf(await Promise.all(waiting)).toSorted()).toEqual(ids.toSorted());
    const before = performance.now();
    expect(await claim(project, { waitSeconds: 1 })).toBeUndefined();
    expect(performance.now() - before).toBeGreaterThan(900);
  });

  it('refuses what cannot be meant, naming the field', async () => {
    const project = await bench.newProject();
    const problems = async (wish: Wish) => {
      const { problems: found } = (await bench.refused('validation_failed', () =>
        claim(project, wish),
      )) as unknown as { readonly problems: readonly { readonly path: string }[] };
      return found.map(({ path }) => path);
    };
    expect(await problems({ states: [] })).toEqual(['states']);
    expect(await problems({ states: ['70-35'] })).toEqual(['states.0']);
    expect(await problems({ states: [30, '35-101'] })).toEqual(['states.1']);
    expect(await problems({ states: ['storage-config'] })).toEqual(['states.0']);
    expect(await problems({ waitSeconds: 31 })).toEqual(['wait_seconds']);
    expect(await problems({ ttlSeconds: 0 })).toEqual(['ttl_seconds']);
    await bench.refused('not_found', () => claim('no-such-project'));
  });
}
