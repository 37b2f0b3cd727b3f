import { NotFoundError, NotResumableError } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import type { FileState } from '../../src/run/file/build-file.ts';
import { type BuildFacts, type JudgedState, planRun, type RunBounds } from '../../src/run/plan/plan-run.ts';
import type { StateHistory } from '../../src/step/inputs/completed-before.ts';
import type { KnownArtifact } from '../../src/step/state/memory.ts';

const done: StateHistory = { done: true, changes: [], reason: 'is completed with the same inputs' };
const changed: StateHistory = {
  done: true,
  changes: [{ kind: 'file', name: 'a.hcl', before: 'aa', after: 'bb', text: 'a.hcl changed' }],
  reason: 'is completed, but a.hcl changed',
};
const open: StateHistory = { done: false };

function judged(code: number, history: StateHistory, more: Partial<FileState> = {}): JudgedState {
  const state: FileState = {
    code,
    name: undefined,
    command: { kind: 'argv', argv: ['true'] },
    produces: [],
    needs: [],
    inputs: [],
    variables: [],
    reuse: undefined,
    retry: false,
    policy: undefined,
    timeoutSeconds: undefined,
    ...more,
  };
  return { state, name: `s${code}`, history };
}

function artifact(name: string, stateCode: number, fields: Partial<KnownArtifact> = {}): KnownArtifact {
  return {
    artifactName: name,
    stateCode,
    isResumable: true,
    deletedAt: null,
    version: 1,
    ...fields,
  } as KnownArtifact;
}

const fresh: BuildFacts = {
  status: 'pending',
  currentState: 0,
  failedState: null,
  doneStates: [],
  artifacts: [],
};
const facts = (fields: Partial<BuildFacts>): BuildFacts => ({ ...fresh, status: 'running', ...fields });

function plan(states: readonly JudgedState[], build: BuildFacts, bounds: RunBounds = {}) {
  const { entries, rollback, clearFailure } = planRun(states, build, bounds);
  return {
    does: entries.map(({ code, action }) => `${action} ${code}`),
    why: entries.map(({ reason }) => reason),
    target: rollback?.target,
    clearFailure,
  };
}

describe('the plan of a run', () => {
  it('runs everything of a new build', () => {
    expect(plan([judged(10, open), judged(100, open)], fresh)).toMatchObject({
      does: ['run 10', 'run 100'],
      target: undefined,
    });
  });

  it('skips what is done and goes on at the failed state', () => {
    const build = facts({ status: 'failed', currentState: 25, failedState: 25, doneStates: [10] });
    const result = plan([judged(10, done), judged(25, open), judged(100, open)], build);
    expect(result).toMatchObject({
      does: ['skip 10', 'run 25', 'run 100'],
      target: undefined,
      clearFailure: undefined,
    });
    expect(result.why[1]).toBe('failed and is tried again');
  });

  it('goes on at a state that was begun and never ended', () => {
    const build = facts({ currentState: 25, doneStates: [10] });
    expect(plan([judged(10, done), judged(25, open)], build)).toMatchObject({
      does: ['skip 10', 'run 25'],
      target: undefined,
    });
  });

  it('runs a state with other inputs again and all after it, through a rollback to what was done before', () => {
    const build = facts({ currentState: 50, doneStates: [5, 10, 25, 50] });
    const states = [
      judged(5, done),
      judged(10, done),
      judged(25, changed),
      judged(50, done),
      judged(100, open),
    ];
    const result = plan(states, build);
    expect(result).toMatchObject({ does: ['skip 5', 'skip 10', 'run 25', 'run 50', 'run 100'], target: 10 });
    expect(result.why[2]).toContain('a.hcl changed');
    expect(result.why[3]).toContain('because state 25 is');
  });

  it('rolls back to 0 when the first state changed', () => {
    const build = facts({ currentState: 10, doneStates: [10] });
    expect(plan([judged(10, changed)], build)).toMatchObject({ does: ['run 10'], target: 0 });
  });

  it('rolls back for a new state between done ones, to a done state that the file does not have as well', () => {
    const build = facts({ currentState: 25, doneStates: [10, 12, 25] });
    const states = [judged(10, done), judged(15, open), judged(25, done)];
    expect(plan(states, build)).toMatchObject({ does: ['skip 10', 'run 15', 'run 25'], target: 12 });
  });

  it('clears the failure of a state that the file does not have any more', () => {
    const build = facts({ status: 'failed', currentState: 10, failedState: 35, doneStates: [10] });
    const result = plan([judged(10, done), judged(40, open)], build);
    expect(result).toMatchObject({ does: ['skip 10', 'run 40'], target: undefined });
    expect(result.clearFailure).toContain('state 40');
  });

  it('rolls back when a state before a failed and started one is new', () => {
    const build = facts({ status: 'failed', currentState: 35, failedState: 35, doneStates: [30] });
    const result = plan([judged(30, done), judged(32, open), judged(35, open)], build);
    expect(result).toMatchObject({
      does: ['skip 30', 'run 32', 'run 35'],
      target: 30,
      clearFailure: undefined,
    });
  });

  it('has nothing to run when all is done', () => {
    const build = facts({ status: 'completed', currentState: 100, doneStates: [10, 100] });
    expect(plan([judged(10, done), judged(100, done)], build).does).toEqual(['skip 10', 'skip 100']);
  });

  it('stops at --to', () => {
    const states = [judged(10, done), judged(25, open), judged(100, open)];
    const build = facts({ currentState: 10, doneStates: [10] });
    expect(plan(states, build, { to: 25 }).does).toEqual(['skip 10', 'run 25', 'leave 100']);
    expect(plan(states, build, { to: 10 }).does).toEqual(['skip 10', 'leave 25', 'leave 100']);
  });

  it('runs a done state again that --from names', () => {
    const build = facts({ currentState: 50, doneStates: [10, 25, 50] });
    const states = [judged(10, done), judged(25, done), judged(50, done)];
    const result = plan(states, build, { from: 25 });
    expect(result).toMatchObject({ does: ['skip 10', 'run 25', 'run 50'], target: 10 });
    expect(result.why[1]).toContain('--from');
  });

  it('refuses --from when a state before it is not done', () => {
    const states = [judged(10, open), judged(25, open)];
    expect(() => plan(states, fresh, { from: 25 })).toThrow(NotResumableError);
  });

  it('runs the producer again when its artifact is not to be had', () => {
    const produces = [{ name: 'image', path: 'out.img' }];
    const needs = [{ name: 'image' }];
    const states = [
      judged(5, done),
      judged(10, done, { produces }),
      judged(25, done),
      judged(50, open, { needs }),
    ];
    const build = facts({ currentState: 25, doneStates: [5, 10, 25] });
    const good = plan(states, { ...build, artifacts: [artifact('image', 10)] });
    expect(good.does).toEqual(['skip 5', 'skip 10', 'skip 25', 'run 50']);
    const corrupt = artifact('image', 10, { verificationStatus: 'corrupt' });
    const bad = plan(states, { ...build, artifacts: [corrupt] });
    expect(bad).toMatchObject({ does: ['skip 5', 'run 10', 'run 25', 'run 50'], target: 5 });
    expect(bad.why[1]).toContain('"image"');
  });

  it('refuses a need that nobody makes, before anything runs', () => {
    const states = [judged(10, open), judged(25, open, { needs: [{ name: 'typo' }] })];
    expect(() => plan(states, fresh)).toThrow(NotFoundError);
    expect(() => plan(states, { ...fresh, artifacts: [artifact('typo', 0)] })).not.toThrow();
  });
});
