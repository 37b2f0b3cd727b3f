import { describe, expect, it } from 'vitest';
import { decideVerification } from '../../src/artifact/decide-change.ts';
import { timestamp } from '../../src/index.ts';
import { findResume } from '../../src/resume/context.ts';
import { makeProject, Simulation } from '../support/simulation.ts';
import { findingsOf, register, report, resumable, rollBack } from '../support/steps.ts';

const names = (build: Simulation) =>
  findingsOf(build).artifacts.map(({ artifactName, version }) => `${artifactName} ${version}`);

describe('the artifacts that a resumed build starts from', () => {
  it('are of each name the version that stood when the last state was completed', () => {
    const build = new Simulation();
    report(build, 'complete', 10);
    register(build, 'image', 10);
    report(build, 'start', 25);
    register(build, 'image', 25);
    report(build, 'fail', 25);
    expect(names(build)).toEqual(['image 1']);
    expect(findingsOf(build).plan.strategy).toBe('from_artifact');
  });

  it('are not older versions of one that must not be used', () => {
    const build = new Simulation();
    report(build, 'complete', 10);
    register(build, 'image', 10);
    report(build, 'complete', 25);
    register(build, 'image', 25, { isResumable: false });
    report(build, 'fail', 35);
    expect(names(build)).toEqual([]);
  });

  it('are the older ones again after a rollback', () => {
    const build = new Simulation();
    for (const state of [10, 15, 25]) {
      report(build, 'complete', state);
      register(build, 'image', state);
    }
    rollBack(build, 10);
    expect(names(build)).toEqual(['image 1']);
    report(build, 'complete', 15);
    report(build, 'complete', 25);
    expect(names(build)).toEqual(['image 1']);
    expect(findingsOf(build, 5).artifacts).toEqual([]);
  });
});

describe('artifacts that are known to be bad', () => {
  function built() {
    const build = new Simulation(
      makeProject({ resumableStates: [resumable(25, { requiredVariables: [] })] }),
    );
    report(build, 'complete', 10);
    const base = register(build, 'base', 10);
    report(build, 'complete', 25);
    const hardened = register(build, 'hardened', 25);
    report(build, 'fail', 35);
    return { build, base, hardened };
  }

  it('send a resume back to the state that makes them', () => {
    const { build, hardened } = built();
    build.apply((draft) => decideVerification(draft, hardened.id, 'missing'));
    const found = findingsOf(build);
    expect(found.plan).toMatchObject({ resumeFromState: 25, strategy: 'rerun_state' });
    expect(found.plan.config?.stateCode).toBe(25);
    expect(found.missing).toEqual([
      { kind: 'artifact', name: 'hardened', reason: 'its bytes are not there' },
    ]);
    expect(found.artifacts.map(({ artifactName }) => artifactName)).toEqual(['base']);
    expect(found.resumable).toBe(true);
    expect(found.rerunStates).toEqual([
      { state: 25, name: 'security-baseline', reason: 'its bytes are not there' },
    ]);
  });

  it('are good again when a new look finds them so', () => {
    const { build, hardened } = built();
    build.apply((draft) => decideVerification(draft, hardened.id, 'missing'));
    const records = { artifacts: [...build.artifacts.values()], variables: [] };
    const looks = new Map([[hardened.id, { status: 'stored' as const }]]);
    const found = findResume(build.snapshot, records, timestamp(build.now), { looks });
    expect(found.plan.resumeFromState).toBe(35);
  });

  it('send it back further while what is needed on the way is bad as well', () => {
    const { build, base, hardened } = built();
    const records = { artifacts: [...build.artifacts.values()], variables: [] };
    const problem = 'its SHA-256 is another one';
    const looks = new Map([base, hardened].map(({ id }) => [id, { status: 'corrupt' as const, problem }]));
    const found = findResume(build.snapshot, records, timestamp(build.now), { looks });
    expect(found.plan.resumeFromState).toBe(10);
    expect(found.missing.map(({ name, reason }) => [name, reason])).toEqual([
      ['base', problem],
      ['hardened', problem],
    ]);
    expect(found.rerunStates.map(({ state }) => state)).toEqual([10, 25]);
  });

  it('send it back to a state that can be resumed', () => {
    const states = [resumable(10), resumable(25, { isResumable: false })];
    const build = new Simulation(makeProject({ resumableStates: states }));
    for (const state of [10, 25]) report(build, 'complete', state);
    const hardened = register(build, 'hardened', 25, { verificationStatus: 'verified' });
    report(build, 'fail', 35);
    build.apply((draft) => decideVerification(draft, hardened.id, 'corrupt'));
    expect(findingsOf(build).plan).toMatchObject({ resumeFromState: 10, config: { stateCode: 10 } });
  });
});
