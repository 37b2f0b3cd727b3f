import { describe, expect, it } from 'vitest';
import { decideDeleteArtifact, decideUpdateArtifact } from '../../src/artifact/decide-change.ts';
import { decideRegister } from '../../src/artifact/decide-register.ts';
import { decideReport } from '../../src/build/decide-report.ts';
import { isLiveArtifact } from '../../src/index.ts';
import { makeReport, Simulation } from '../support/simulation.ts';
import { askToResume, lease, register, report, rollBack } from '../support/steps.ts';

const live = (build: Simulation) =>
  [...build.artifacts.values()]
    .filter(isLiveArtifact)
    .map(({ artifactName, version }) => `${artifactName} ${version}`);

describe('registering artifacts', () => {
  it('answers the record that is there for the same bytes in the same place', () => {
    const build = new Simulation();
    report(build, 'start', 10);
    const first = register(build, 'image', 10, { artifactPath: 's3://b/k' });
    expect(register(build, 'image', 10, { artifactPath: 's3://b/k' })).toEqual(first);
    expect(register(build, 'other', 10, { id: first.id })).toEqual(first);
    expect(() => register(build, 'image', 10, { artifactPath: 's3://b/other' })).toThrow(
      /Choose another name/,
    );
    expect(() => register(build, 'image', 10, { artifactPath: 's3://b/k', sizeBytes: 8 })).toThrow();
  });

  it('supersedes by later attempts, by later states, and by force', () => {
    const build = new Simulation();
    report(build, 'start', 10);
    const first = register(build, 'image', 10);
    report(build, 'fail', 10);
    report(build, 'start', 10);
    const second = register(build, 'image', 10);
    expect(second).toMatchObject({ version: 2, attempt: 2 });
    expect(build.artifacts.get(first.id)?.supersededBy).toBe(second.id);
    expect(register(build, 'image', 10, { replace: true }).version).toBe(3);
    report(build, 'complete', 15);
    expect(register(build, 'image', 15).version).toBe(4);
    expect(() => register(build, 'image', 10)).toThrow(/state 15/);
    expect(live(build)).toEqual(['image 4']);
  });

  it('takes what is made again after a rollback for later, from whichever state it comes', () => {
    const build = new Simulation();
    for (const state of [15, 25]) {
      report(build, 'complete', state);
      register(build, 'image', state, { artifactPath: `s3://b/${state}` });
    }
    rollBack(build, 0);
    report(build, 'complete', 10);
    expect(register(build, 'image', 10).version).toBe(3);
    report(build, 'complete', 15);
    expect(register(build, 'image', 15, { artifactPath: 's3://b/15' })).toMatchObject({
      version: 4,
      isResumable: true,
    });
    expect(live(build)).toEqual(['image 4']);
  });

  it('makes the same bytes resumable again when they are made again after a rollback', () => {
    const build = new Simulation();
    report(build, 'complete', 10);
    const first = register(build, 'image', 10, { artifactPath: 's3://b/k' });
    rollBack(build, 0);
    expect(build.artifacts.get(first.id)?.isResumable).toBe(false);
    report(build, 'complete', 10);
    const again = register(build, 'image', 10, { artifactPath: 's3://b/k' });
    expect(again).toMatchObject({ isResumable: true, version: 2 });
  });

  it('sees what the same change has rolled back', () => {
    const build = new Simulation();
    for (const state of [10, 15, 25]) {
      report(build, 'complete', state);
      register(build, 'image', state);
    }
    report(build, 'fail', 35);
    askToResume(build, { resumeFromState: 15 });
    build.apply((draft) => {
      decideReport(draft, makeReport({ kind: 'complete', state: 15 }));
      const [known] = [...build.artifacts.values()];
      if (known === undefined) throw new Error('there is no artifact');
      decideRegister(draft, {
        ...known,
        id: 'x',
        stateCode: 15,
        checksum: null,
        artifactPath: 's3://b/new',
        replace: false,
        leaseToken: null,
      });
    });
    expect(live(build)).toEqual(['image 4']);
    expect([...build.artifacts.values()].map(({ isResumable }) => isResumable)).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('never gives a version of a name twice, whatever was renamed', () => {
    const build = new Simulation();
    report(build, 'start', 10);
    register(build, 'b', 10);
    build.apply((draft) => decideDeleteArtifact(draft, 'b'));
    register(build, 'a', 10);
    const renamed = build.apply((draft) => decideUpdateArtifact(draft, 'a', { artifactName: 'b' }));
    expect(renamed.version).toBe(2);
    expect(build.events.at(-1)?.data.fields).toEqual(['artifact_name']);
    register(build, 'a', 10);
    expect(() => build.apply((draft) => decideUpdateArtifact(draft, 'a', { artifactName: 'b' }))).toThrow(
      /another live artifact "b"/,
    );
    expect(register(build, 'b', 10, { replace: true }).version).toBe(3);
  });

  it('is refused to a holder that was fenced out, and to everybody at the limit', () => {
    const build = new Simulation();
    const { token } = lease(build);
    lease(build, 'next', token);
    expect(() => register(build, 'image', 10, { leaseToken: token })).toThrow(/no longer good/);
    build.snapshot = { ...build.snapshot, counts: { ...build.snapshot.counts, artifacts: 10_000 } };
    expect(() => register(build, 'image', 10)).toThrow(/10000 artifact/);
  });
});
