import { describe, expect, it } from 'vitest';
import { timestamp } from '../../src/index.ts';
import { epoch, makeProject, Simulation } from '../support/simulation.ts';
import { askToResume, findingsOf, register, report, resumable } from '../support/steps.ts';

describe('where a build goes on', () => {
  it('is the failed state after a failure without a start', () => {
    const build = new Simulation();
    report(build, 'complete', 30);
    report(build, 'fail', 35);
    expect(findingsOf(build).plan).toMatchObject({ resumeFromState: 35, strategy: 'rerun_state' });
  });

  it('is the failed state, with the newest artifacts made before it', () => {
    const build = new Simulation();
    report(build, 'complete', 10);
    register(build, 'image', 10);
    report(build, 'complete', 25);
    const newer = register(build, 'image', 25);
    register(build, 'log', 25, { isResumable: false });
    report(build, 'fail', 35);
    register(build, 'broken', 35);
    const found = findingsOf(build);
    expect(found.plan.strategy).toBe('from_artifact');
    expect(found.artifacts.map(({ id }) => id)).toEqual([newer.id]);
    expect(newer.version).toBe(2);
    expect(found.resumable).toBe(true);
  });

  it('leaves out what has expired', () => {
    const build = new Simulation();
    report(build, 'complete', 10);
    register(build, 'image', 10, { expiresAt: timestamp(epoch + 1000) });
    report(build, 'fail', 35);
    expect(findingsOf(build).artifacts).toHaveLength(1);
    build.wait(2);
    expect(findingsOf(build).artifacts).toHaveLength(0);
  });

  it('falls back to the nearest resumable state before one that is not', () => {
    const states = [resumable(20), resumable(30, { isResumable: false }), resumable(10)];
    const build = new Simulation(makeProject({ resumableStates: states }));
    for (const state of [10, 20, 25]) report(build, 'complete', state);
    register(build, 'late', 25);
    report(build, 'fail', 30);
    const found = findingsOf(build);
    expect(found.plan.resumeFromState).toBe(20);
    expect(found.artifacts).toEqual([]);
    expect(found.rerunStates.map(({ state }) => state)).toEqual([20, 25]);
  });

  it('is state 0 when nothing before is resumable', () => {
    const build = new Simulation(makeProject({ resumableStates: [resumable(30, { isResumable: false })] }));
    report(build, 'fail', 30);
    expect(findingsOf(build).plan.resumeFromState).toBe(0);
  });

  it('is the state that was begun and not completed, or the one after the last success', () => {
    const build = new Simulation();
    expect(findingsOf(build).plan.resumeFromState).toBe(0);
    report(build, 'complete', 30);
    expect(findingsOf(build).plan.resumeFromState).toBe(35);
    report(build, 'start', 50);
    expect(findingsOf(build).plan.resumeFromState).toBe(50);
  });

  it('says what is missing, and why the build cannot be resumed', () => {
    const states = [resumable(35, { requiredArtifacts: ['base'], requiredVariables: ['ip'] })];
    const build = new Simulation(makeProject({ resumableStates: states }));
    report(build, 'complete', 30);
    report(build, 'fail', 35);
    const found = findingsOf(build);
    expect(found.missing.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'artifact base',
      'variable ip',
    ]);
    expect(found.resumable).toBe(false);
    expect(() => askToResume(build)).toThrow(/"base" is missing/);
  });
});
