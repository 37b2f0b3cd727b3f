import { describe, expect, it } from 'vitest';
import { decideCancel } from '../../src/build/decide-by-hand.ts';
import { makeProject, Simulation } from '../support/simulation.ts';
import { findingsOf, lease, report, retryByHand } from '../support/steps.ts';

const why = { reason: null, reportedBy: 'me' };
const where = ({ build }: Simulation) => [
  build.currentState,
  build.lastSuccessfulState,
  build.failedState,
  build.status,
];

describe('a completed state that is done again', () => {
  it('is completed anew after it failed, and the failure is over', () => {
    const build = new Simulation();
    report(build, 'complete', 50);
    report(build, 'fail', 50);
    expect(where(build)).toEqual([50, 50, 50, 'failed']);
    report(build, 'complete', 50);
    expect(build.history).toEqual(['50#1 completed', '50#2 failed', '50#3 completed']);
    expect(where(build)).toEqual([50, 50, null, 'running']);
  });

  it('is where the build goes on when it was begun again and abandoned', () => {
    const build = new Simulation();
    report(build, 'complete', 50);
    const { token } = lease(build);
    report(build, 'start', 50, { leaseToken: token });
    build.wait(61);
    lease(build, 'next');
    expect(build.history).toEqual(['50#1 completed', '50#2 abandoned']);
    expect(findingsOf(build).plan.resumeFromState).toBe(50);
  });

  it('is one attempt when its completion is merely reported twice, also after later states', () => {
    const build = new Simulation();
    report(build, 'complete', 25);
    report(build, 'complete', 30);
    expect(report(build, 'complete', 25)).toHaveProperty('repeats');
    report(build, 'fail', 35);
    expect(report(build, 'complete', 30)).toHaveProperty('repeats');
    build.apply((draft) => decideCancel(draft, why));
    expect(report(build, 'complete', 30)).toHaveProperty('repeats');
    expect(where(build)).toEqual([30, 30, 35, 'cancelled']);
  });
});

describe('prerequisites', () => {
  const project = makeProject();
  const stateCodes = project.stateCodes.map((one) =>
    one.stateCode === 50 ? { ...one, prerequisites: [45] } : one,
  );

  it('are met by the earlier state that a report completes', () => {
    const build = new Simulation({ ...project, stateCodes });
    report(build, 'start', 45);
    report(build, 'start', 50);
    expect(build.history).toEqual(['45#1 completed', '50#1 in_progress']);
  });

  it('are not met by a state that was given up', () => {
    const build = new Simulation({ ...project, stateCodes });
    const { token } = lease(build);
    report(build, 'start', 45, { leaseToken: token });
    lease(build, 'next', token);
    expect(() => report(build, 'start', 50, { leaseToken: token + 1 })).toThrow(/45 \(storage-config\)/);
    expect(build.history).toEqual(['45#1 abandoned']);
  });
});

describe('giving a build up', () => {
  it('twice changes nothing the second time', () => {
    const build = new Simulation();
    report(build, 'start', 5);
    build.wait(30);
    build.apply((draft) => decideCancel(draft, { reason: 'no longer needed', reportedBy: 'me' }));
    const before = build.snapshot;
    expect(before.build).toMatchObject({ status: 'cancelled', durationSeconds: 30 });
    expect(build.events.at(-1)?.data).toEqual({ reason: 'no longer needed', reported_by: 'me' });
    build.apply((draft) => decideCancel(draft, why));
    expect(build.snapshot).toBe(before);
  });

  it('is refused for a completed one', () => {
    const build = new Simulation();
    report(build, 'complete', 100);
    expect(() => build.apply((draft) => decideCancel(draft, why))).toThrow(/accepts nothing more/);
  });
});

describe('the longest history', () => {
  it('takes neither attempts nor notes', () => {
    const build = new Simulation();
    report(build, 'fail', 5);
    build.snapshot = { ...build.snapshot, counts: { ...build.snapshot.counts, attempts: 10_000 } };
    expect(() => report(build, 'start', 5)).toThrow(/10000 attempts/);
    expect(() => retryByHand(build)).toThrow(/10000 attempts/);
  });
});

describe('where an interrupted build goes on', () => {
  it('is the state that was begun, whatever cleared its failure', () => {
    const build = new Simulation();
    report(build, 'complete', 30);
    report(build, 'start', 42);
    report(build, 'fail', 42);
    retryByHand(build);
    expect(findingsOf(build).plan.resumeFromState).toBe(42);
  });
});
