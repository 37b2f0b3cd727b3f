import { describe, expect, it } from 'vitest';
import { decideCancel } from '../../src/build/decide-by-hand.ts';
import { releaseLease } from '../../src/lease/decide-lease.ts';
import { ids, makeProject, Simulation } from '../support/simulation.ts';
import { lease, report, retryByHand, rollBack } from '../support/steps.ts';

const where = ({ build }: Simulation) => ({
  current: build.currentState,
  last: build.lastSuccessfulState,
  failed: build.failedState,
  status: build.status,
});

const why = { reason: 'no longer needed', reportedBy: 'me' };

describe('moving a build', () => {
  it('keeps current_state on a failure that nobody started', () => {
    const build = new Simulation();
    report(build, 'complete', 30);
    report(build, 'fail', 35);
    expect(where(build)).toEqual({ current: 30, last: 30, failed: 35, status: 'failed' });
  });

  it('moves current_state at a start, so that a failure after it shows where the build was', () => {
    const build = new Simulation();
    report(build, 'start', 50);
    report(build, 'fail', 50);
    expect(where(build)).toEqual({ current: 50, last: 0, failed: 50, status: 'failed' });
  });

  it('closes an open attempt when a later state is reported', () => {
    const build = new Simulation();
    report(build, 'start', 5);
    build.wait(10);
    report(build, 'complete', 10);
    expect(build.history).toEqual(['5#1 completed', '10#1 completed']);
    expect([...build.attempts.values()][0]).toMatchObject({ closedBy: 'next_state', durationSeconds: 10 });
    expect(where(build)).toMatchObject({ current: 10, last: 10 });
  });

  it('refuses other states while a build is failed', () => {
    const build = new Simulation();
    report(build, 'fail', 35);
    expect(() => report(build, 'complete', 50)).toThrow(/failed at state 35/);
    expect(where(build)).toMatchObject({ failed: 35, status: 'failed' });
  });

  it('lets the failed state start again and counts the attempts', () => {
    const build = new Simulation();
    report(build, 'fail', 35);
    report(build, 'start', 35);
    report(build, 'complete', 35);
    expect(build.history).toEqual(['35#1 failed', '35#2 completed']);
    expect(where(build)).toEqual({ current: 35, last: 35, failed: null, status: 'running' });
  });

  it('refuses to go backwards', () => {
    const build = new Simulation();
    report(build, 'complete', 50);
    expect(() => report(build, 'start', 30)).toThrow(/cannot go back to state 30/);
  });

  it('completes the build with the final state and accepts nothing more', () => {
    const build = new Simulation();
    report(build, 'start', 5);
    build.wait(60);
    report(build, 'complete', 100);
    expect(build.build).toMatchObject({ status: 'completed', durationSeconds: 60 });
    expect(() => report(build, 'start', 100)).toThrow(/accepts nothing more/);
  });

  it('takes the catalogue at its word about the final state', () => {
    const project = makeProject();
    const stateCodes = project.stateCodes.map((one) => ({ ...one, isFinal: one.stateCode === 90 }));
    const build = new Simulation({ ...project, stateCodes });
    report(build, 'complete', 90);
    expect(build.build.status).toBe('completed');
  });

  it('answers a repeated completion with the attempt that is there', () => {
    const build = new Simulation();
    const artifact = { artifactStorageType: 's3', artifactStoragePath: 's3://b/k', artifactSizeBytes: 7 };
    const first = report(build, 'complete', 25, artifact);
    const again = report(build, 'complete', 25, { ...artifact, artifactStorageType: 'aws_s3' });
    expect(again).toEqual({
      repeats: { id: 'attempt' in first ? first.attempt.id : '', status: 'completed' },
    });
    expect(build.attempts.size).toBe(1);
  });

  it('records another artifact of the current state as a new attempt, of an earlier one as a conflict', () => {
    const build = new Simulation();
    const artifact = (path: string) => ({ artifactStorageType: 's3', artifactStoragePath: path });
    report(build, 'complete', 25, artifact('s3://b/1'));
    report(build, 'complete', 25, artifact('s3://b/2'));
    report(build, 'complete', 30);
    expect(build.history).toEqual(['25#1 completed', '25#2 completed', '30#1 completed']);
    expect(() => report(build, 'complete', 25, artifact('s3://b/3'))).toThrow(/cannot go back/);
  });

  it('infers a start that nobody reported from the end of what came before', () => {
    const build = new Simulation();
    build.wait(30);
    report(build, 'complete', 5);
    build.wait(20);
    report(build, 'complete', 10);
    const [first, second] = [...build.attempts.values()];
    expect(first).toMatchObject({ startInferred: true, durationSeconds: 30 });
    expect(second).toMatchObject({ startInferred: true, durationSeconds: 20 });
  });

  it('believes a start time that the reporter gives', () => {
    const build = new Simulation();
    report(build, 'complete', 5, {
      startTime: '2026-03-01T11:00:00.000Z',
      endTime: '2026-03-01T11:30:00.000Z',
    });
    expect([...build.attempts.values()][0]).toMatchObject({ startInferred: false, durationSeconds: 1800 });
  });

  it('wants prerequisites completed or skipped', () => {
    const project = makeProject();
    const stateCodes = project.stateCodes.map((one) =>
      one.stateCode === 50 ? { ...one, prerequisites: [25, 30] } : one,
    );
    const build = new Simulation({ ...project, stateCodes });
    report(build, 'complete', 25);
    expect(() => report(build, 'start', 50)).toThrow(/30 \(base-os-complete\)/);
    report(build, 'skip', 30);
    report(build, 'start', 50);
    expect(build.build.currentState).toBe(50);
  });

  it('counts failures anew after a manual retry, with a note in the history', () => {
    const build = new Simulation();
    report(build, 'fail', 35);
    report(build, 'fail', 35);
    const decision = report(build, 'fail', 35);
    expect(decision).toMatchObject({ retryDecision: { retry: false, attempt: 3 } });
    retryByHand(build);
    expect(where(build)).toMatchObject({ failed: null, status: 'running' });
    expect(report(build, 'fail', 35)).toMatchObject({ retryDecision: { retry: true, attempt: 1 } });
    expect(build.history).toContain('35#- manual_retry');
  });

  it('cancels, abandons what is open, and fences the holder out', () => {
    const build = new Simulation();
    const held = lease(build);
    report(build, 'start', 35, { leaseToken: held.token });
    build.apply((draft) => decideCancel(draft, why));
    expect(build.history).toEqual(['35#1 abandoned']);
    expect(build.build.status).toBe('cancelled');
    expect(() => report(build, 'complete', 35, { leaseToken: held.token })).toThrow(/cancelled/);
  });
});

describe('rolling back', () => {
  it('goes to the completed state before the last unless told otherwise', () => {
    const build = new Simulation();
    for (const state of [10, 25, 30]) report(build, 'complete', state);
    report(build, 'fail', 35);
    rollBack(build);
    expect(where(build)).toEqual({ current: 25, last: 25, failed: null, status: 'running' });
    expect(build.history).toEqual(['10#1 completed', '25#1 completed', '30#1 rolled_back', '35#1 failed']);
    report(build, 'complete', 30);
    expect(build.history.at(-1)).toBe('30#2 completed');
  });

  it('refuses states that were never completed, and states ahead', () => {
    const build = new Simulation();
    report(build, 'complete', 10);
    report(build, 'complete', 30);
    const to = (target: number) => rollBack(build, target);
    expect(() => to(20)).toThrow(/never completed/);
    expect(() => to(30)).toThrow(/earlier state/);
    to(0);
    expect(where(build)).toMatchObject({ current: 0, last: 0 });
  });
});

describe('leases', () => {
  it('are given to one holder at a time, with a token that only grows', () => {
    const build = new Simulation();
    const first = lease(build);
    expect(() => lease(build, 'other')).toThrow(/worker holds/);
    build.apply((draft) => releaseLease(draft, first.token));
    expect(lease(build, 'other').token).toBe(2);
  });

  it('keep everybody else from reporting while they live', () => {
    const build = new Simulation();
    const { token } = lease(build);
    expect(() => report(build, 'start', 5)).toThrow(/holds the lease/);
    report(build, 'start', 5, { leaseToken: token });
    expect(build.build.currentState).toBe(5);
  });

  it('let the next writer record the abandoned attempt when they expire', () => {
    const build = new Simulation();
    const { token } = lease(build);
    report(build, 'start', 35, { leaseToken: token });
    build.wait(61);
    const next = lease(build, 'other');
    expect(build.history).toEqual(['35#1 abandoned']);
    expect(() => report(build, 'complete', 35, { leaseToken: token })).toThrow(/no longer good/);
    report(build, 'complete', 35, { leaseToken: next.token });
    expect(build.history).toEqual(['35#1 abandoned', '35#2 completed']);
  });

  it('still cover their holder after an expiry that nobody has used', () => {
    const build = new Simulation();
    const { token } = lease(build);
    report(build, 'start', 35, { leaseToken: token });
    build.wait(600);
    report(build, 'complete', 35, { leaseToken: token });
    expect(build.history).toEqual(['35#1 completed']);
  });

  it('are taken over at once when the caller has seen the holder gone', () => {
    const build = new Simulation();
    const { token } = lease(build);
    report(build, 'start', 35, { leaseToken: token });
    const next = lease(build, 'other', token);
    expect(next.token).toBe(token + 1);
    expect([...build.attempts.values()][0]).toMatchObject({ status: 'abandoned', closedBy: 'holder_gone' });
  });

  it('abandon what is open when they are given up', () => {
    const build = new Simulation();
    const { token } = lease(build);
    report(build, 'start', 35, { leaseToken: token });
    build.apply((draft) => releaseLease(draft, token));
    expect(build.history).toEqual(['35#1 abandoned']);
    expect(build.snapshot.lease?.releasedAt).not.toBeNull();
  });
});

describe('open attempts without a lease', () => {
  it('are superseded by their own reporter and refused to others unless they take over', () => {
    const build = new Simulation();
    report(build, 'start', 5, { reportedBy: 'jenkins #1' });
    expect(() => report(build, 'start', 5, { reportedBy: 'jenkins #2' })).toThrow(
      /jenkins #1 started state 5/,
    );
    report(build, 'start', 5, { reportedBy: 'jenkins #1' });
    report(build, 'start', 5, { reportedBy: 'jenkins #2', takeover: true });
    expect(build.history).toEqual(['5#1 abandoned', '5#2 abandoned', '5#3 in_progress']);
  });

  it('do not expire', () => {
    const build = new Simulation();
    report(build, 'start', 5);
    build.wait(1_000_000);
    report(build, 'complete', 5, { reportedBy: 'somebody else', eventId: ids.uuid() });
    expect(build.history).toEqual(['5#1 completed']);
  });
});
