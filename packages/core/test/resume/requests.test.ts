import { describe, expect, it } from 'vitest';
import { decideCancel } from '../../src/build/decide-by-hand.ts';
import { decideUpdateRequest, type RequestEdit } from '../../src/resume/decide-request.ts';
import { makeProject, Simulation } from '../support/simulation.ts';
import { askToResume, findingsOf, report, resumable, retryByHand, rollBack } from '../support/steps.ts';

const statuses = (build: Simulation) =>
  [...build.requests.values()].map(({ orchestrationStatus }) => orchestrationStatus);

const update = (build: Simulation, edit: RequestEdit) =>
  build.apply((draft) => decideUpdateRequest(draft, [...build.requests.keys()].at(-1) ?? '', edit));

function failedAt35(): Simulation {
  const build = new Simulation();
  for (const state of [10, 20, 30]) report(build, 'complete', state);
  report(build, 'fail', 35);
  return build;
}

describe('resume requests', () => {
  it('are one per build: asking again answers the open one', () => {
    const build = failedAt35();
    expect(askToResume(build).id).toBe(askToResume(build).id);
  });

  it('follow the failed state when it starts again, also where nobody had to ask', () => {
    const build = failedAt35();
    askToResume(build);
    report(build, 'start', 35);
    expect(statuses(build)).toEqual(['running']);
    report(build, 'fail', 35);
    expect(statuses(build)).toEqual(['failed']);
    askToResume(build);
    report(build, 'start', 35);
    report(build, 'complete', 100);
    expect(statuses(build)).toEqual(['failed', 'completed']);
  });

  it('are taken up by a build that a person has set running meanwhile', () => {
    const build = failedAt35();
    askToResume(build);
    retryByHand(build);
    report(build, 'start', 35);
    expect(statuses(build)).toEqual(['running']);
  });

  it('take over what somebody else left open', () => {
    const build = new Simulation();
    report(build, 'complete', 30);
    report(build, 'start', 35, { reportedBy: 'the dead one' });
    askToResume(build);
    report(build, 'start', 35, { reportedBy: 'the next one' });
    expect(build.history).toEqual(['30#1 completed', '35#1 abandoned', '35#2 in_progress']);
  });

  it('let their state start, going back for it with a record', () => {
    const build = failedAt35();
    expect(() => report(build, 'start', 20)).toThrow();
    askToResume(build, { resumeFromState: 20 });
    report(build, 'start', 20);
    expect(build.build).toMatchObject({ currentState: 20, lastSuccessfulState: 10, status: 'running' });
    expect(build.history).toEqual([
      '10#1 completed',
      '20#1 rolled_back',
      '30#1 rolled_back',
      '35#1 failed',
      '20#2 in_progress',
    ]);
    expect(statuses(build)).toEqual(['running']);
  });

  it('let their state be completed again without a start, which is not a repetition', () => {
    const build = failedAt35();
    askToResume(build, { resumeFromState: 20 });
    report(build, 'complete', 20);
    expect(build.history.at(-1)).toBe('20#2 completed');
    expect(build.build).toMatchObject({ currentState: 20, status: 'running' });
  });

  it('skip the failed state where the project says so', () => {
    const skip = resumable(35, { resumeStrategy: 'skip_to_next' });
    const build = new Simulation(makeProject({ resumableStates: [skip] }));
    report(build, 'complete', 30);
    report(build, 'fail', 35);
    expect(askToResume(build).resumeFromState).toBe(40);
    report(build, 'start', 40);
    expect(build.history.slice(1)).toEqual(['35#1 failed', '35#2 skipped', '40#1 in_progress']);
    report(build, 'complete', 100);
    expect(statuses(build)).toEqual(['completed']);
  });

  it('run a state again that cannot be skipped because none comes after it', () => {
    const skip = resumable(100, { resumeStrategy: 'skip_to_next' });
    const build = new Simulation(makeProject({ resumableStates: [skip] }));
    report(build, 'fail', 100);
    expect(findingsOf(build).plan).toMatchObject({ resumeFromState: 100, strategy: 'rerun_state' });
    expect(findingsOf(build).plan.reason).not.toContain('skipped');
  });

  it('are over when the build is rolled back by hand, so that another one can be made', () => {
    const build = failedAt35();
    const first = askToResume(build);
    rollBack(build, 10);
    expect(statuses(build)).toEqual(['cancelled']);
    expect(build.snapshot.resumeTarget).toBeNull();
    expect(askToResume(build).id).not.toBe(first.id);
  });

  it('are over with a build that reached its end without them', () => {
    const build = failedAt35();
    askToResume(build, { resumeFromState: 20 });
    report(build, 'complete', 35);
    report(build, 'complete', 100);
    expect(statuses(build)).toEqual(['cancelled']);
    const given = failedAt35();
    askToResume(given);
    given.apply((draft) => decideCancel(draft, { reason: null, reportedBy: null }));
    expect(statuses(given)).toEqual(['cancelled']);
  });

  it('are refused beyond the failure, at states that cannot be resumed, and for completed builds', () => {
    const build = failedAt35();
    expect(() => askToResume(build, { resumeFromState: 50 })).toThrow(/beyond where it stopped/);
    expect(() => askToResume(build, { resumeToState: 30 })).toThrow(/lies before/);
    const strict = new Simulation(makeProject({ resumableStates: [resumable(20, { isResumable: false })] }));
    for (const state of [10, 20]) report(strict, 'complete', state);
    report(strict, 'fail', 30);
    expect(() => askToResume(strict, { resumeFromState: 20 })).toThrow(/cannot be resumed at state 20/);
    const done = new Simulation();
    report(done, 'complete', 100);
    expect(() => askToResume(done)).toThrow(/completed/);
  });

  it('want what the state needs that they name, not what the failed state needs', () => {
    const states = [resumable(20, { requiredVariables: ['ip'] })];
    const build = new Simulation(makeProject({ resumableStates: states }));
    for (const state of [10, 20]) report(build, 'complete', state);
    report(build, 'fail', 30);
    expect(findingsOf(build).resumable).toBe(true);
    expect(() => askToResume(build, { resumeFromState: 20 })).toThrow(/"ip" is missing/);
  });
});

describe('news of a resume request', () => {
  it('moves it on, and tells when it was triggered and when it ended', () => {
    const build = failedAt35();
    askToResume(build);
    const triggered = update(build, { orchestrationStatus: 'triggered', orchestrationJobId: '77' });
    expect(triggered).toMatchObject({ orchestrationStatus: 'triggered', orchestrationJobId: '77' });
    expect(triggered.triggeredAt).not.toBeNull();
    const ended = update(build, { orchestrationStatus: 'failed', errorMessage: 'no runner' });
    expect(ended.completedAt).not.toBeNull();
    expect(build.snapshot.resumeTarget).toBeNull();
  });

  it('that comes late keeps what it tells, and leaves the status alone', () => {
    const build = failedAt35();
    askToResume(build);
    report(build, 'start', 35);
    const late = { orchestrationStatus: 'triggered', orchestrationJobUrl: 'https://ci.example/77' } as const;
    expect(update(build, late)).toMatchObject({ ...late, orchestrationStatus: 'running' });
    report(build, 'fail', 35);
    expect(update(build, late)).toMatchObject({ ...late, orchestrationStatus: 'failed' });
  });

  it('never reopens one that is over, nor gives it another end', () => {
    const build = failedAt35();
    askToResume(build);
    update(build, { orchestrationStatus: 'cancelled' });
    for (const orchestrationStatus of ['pending', 'completed', 'failed'] as const) {
      expect(() => update(build, { orchestrationStatus })).toThrow(/cannot become/);
    }
    expect(update(build, { metadata: { seen: true } }).orchestrationStatus).toBe('cancelled');
  });
});
