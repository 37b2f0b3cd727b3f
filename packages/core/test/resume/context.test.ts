import { describe, expect, it } from 'vitest';
import { decideRegister, type Registration } from '../../src/artifact/decide-register.ts';
import { decideReport } from '../../src/build/decide-report.ts';
import type { StateReport } from '../../src/build/report.ts';
import { type ResumableState, timestamp } from '../../src/index.ts';
import { findResume } from '../../src/resume/context.ts';
import { decideResumeRequest } from '../../src/resume/decide-request.ts';
import { epoch, ids, makeProject, makeReport, Simulation } from '../support/simulation.ts';

function report(build: Simulation, kind: StateReport['kind'], state: number) {
  return build.apply((draft) => decideReport(draft, makeReport({ kind, state })));
}

function register(
  build: Simulation,
  artifactName: string,
  stateCode: number,
  fields: Partial<Registration> = {},
) {
  return build.apply((draft) =>
    decideRegister(draft, {
      id: ids.uuid(),
      stateCode,
      artifactName,
      artifactType: 'disk_image',
      artifactPath: `s3://b/${artifactName}-${ids.uuid()}`,
      storageBackend: 's3',
      storageRegion: null,
      storageBucket: null,
      storageKey: null,
      sizeBytes: 7,
      checksum: null,
      contentType: null,
      isResumable: true,
      isFinal: false,
      expiresAt: null,
      metadata: {},
      parents: [],
      verificationStatus: 'stored',
      replace: false,
      leaseToken: null,
      ...fields,
    }),
  );
}

function config(stateCode: number, fields: Partial<ResumableState> = {}): ResumableState {
  return {
    id: ids.uuid(),
    projectId: '',
    stateCode,
    isResumable: true,
    resumeStrategy: 'from_artifact',
    requiredArtifacts: [],
    requiredVariables: [],
    resumeCommand: null,
    resumeTimeoutSeconds: 3600,
    description: null,
    notes: null,
    createdAt: timestamp(epoch),
    updatedAt: timestamp(epoch),
    ...fields,
  };
}

const find = (build: Simulation) =>
  findResume(
    build.snapshot,
    { artifacts: [...build.artifacts.values()], variables: [...build.variables.values()] },
    timestamp(build.now),
  );

const wish = {
  resumeFromState: null,
  resumeToState: null,
  resumeReason: null,
  requestedBy: null,
  requestSource: 'api',
  metadata: {},
} as const;

describe('where a build goes on', () => {
  it('is the failed state after a failure without a start', () => {
    const build = new Simulation();
    report(build, 'complete', 30);
    report(build, 'fail', 35);
    expect(find(build).plan).toMatchObject({ resumeFromState: 35, strategy: 'rerun_state' });
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
    const found = find(build);
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
    expect(find(build).artifacts).toHaveLength(1);
    build.wait(2);
    expect(find(build).artifacts).toHaveLength(0);
  });

  it('falls back to the nearest resumable state before one that is not', () => {
    const states = [config(20), config(30, { isResumable: false }), config(10)];
    const build = new Simulation(makeProject({ resumableStates: states }));
    for (const state of [10, 20, 25]) report(build, 'complete', state);
    register(build, 'late', 25);
    report(build, 'fail', 30);
    const found = find(build);
    expect(found.plan.resumeFromState).toBe(20);
    expect(found.artifacts).toEqual([]);
    expect(found.rerunStates.map(({ state }) => state)).toEqual([20, 25]);
  });

  it('is state 0 when nothing before is resumable', () => {
    const build = new Simulation(makeProject({ resumableStates: [config(30, { isResumable: false })] }));
    report(build, 'fail', 30);
    expect(find(build).plan.resumeFromState).toBe(0);
  });

  it('is the state that was begun and not completed, or the one after the last success', () => {
    const build = new Simulation();
    expect(find(build).plan.resumeFromState).toBe(0);
    report(build, 'complete', 30);
    expect(find(build).plan.resumeFromState).toBe(35);
    report(build, 'start', 50);
    expect(find(build).plan.resumeFromState).toBe(50);
  });

  it('says what is missing, and why the build cannot be resumed', () => {
    const states = [config(35, { requiredArtifacts: ['base'], requiredVariables: ['ip'] })];
    const build = new Simulation(makeProject({ resumableStates: states }));
    report(build, 'complete', 30);
    report(build, 'fail', 35);
    const found = find(build);
    expect(found.missing.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'artifact base',
      'variable ip',
    ]);
    expect(found.resumable).toBe(false);
    expect(() => build.apply((draft) => decideResumeRequest(draft, wish, found))).toThrow(
      /"base" is missing/,
    );
  });
});

describe('resume requests', () => {
  it('are one per build: asking again answers the open one', () => {
    const build = new Simulation();
    report(build, 'fail', 35);
    const ask = () => build.apply((draft) => decideResumeRequest(draft, wish, find(build)));
    expect(ask().id).toBe(ask().id);
  });

  it('let their state start, going back for it with a record', () => {
    const build = new Simulation();
    for (const state of [10, 20, 30]) report(build, 'complete', state);
    report(build, 'fail', 35);
    expect(() => report(build, 'start', 20)).toThrow();
    build.apply((draft) => decideResumeRequest(draft, { ...wish, resumeFromState: 20 }, find(build)));
    report(build, 'start', 20);
    expect(build.build).toMatchObject({ currentState: 20, lastSuccessfulState: 10, status: 'running' });
    expect(build.history).toEqual([
      '10#1 completed',
      '20#1 rolled_back',
      '30#1 rolled_back',
      '35#1 failed',
      '20#2 in_progress',
    ]);
    expect([...build.requests.values()][0]?.orchestrationStatus).toBe('running');
  });

  it('skip the failed state where the project says so', () => {
    const skip = config(35, { resumeStrategy: 'skip_to_next' });
    const build = new Simulation(makeProject({ resumableStates: [skip] }));
    report(build, 'complete', 30);
    report(build, 'fail', 35);
    const request = build.apply((draft) => decideResumeRequest(draft, wish, find(build)));
    expect(request.resumeFromState).toBe(40);
    report(build, 'start', 40);
    expect(build.history.slice(1)).toEqual(['35#1 failed', '35#2 skipped', '40#1 in_progress']);
    report(build, 'complete', 100);
    expect([...build.requests.values()][0]?.orchestrationStatus).toBe('completed');
  });

  it('are refused beyond the failure and for completed builds', () => {
    const build = new Simulation();
    report(build, 'fail', 35);
    const ask = (from: number | null) =>
      build.apply((draft) => decideResumeRequest(draft, { ...wish, resumeFromState: from }, find(build)));
    expect(() => ask(50)).toThrow(/beyond where it stopped/);
    const done = new Simulation();
    report(done, 'complete', 100);
    expect(() => done.apply((draft) => decideResumeRequest(draft, wish, find(done)))).toThrow(/completed/);
  });
});

describe('registering artifacts', () => {
  it('answers the record that is there for the same bytes in the same place', () => {
    const build = new Simulation();
    report(build, 'start', 10);
    const first = register(build, 'image', 10, { artifactPath: 's3://b/k' });
    expect(register(build, 'image', 10, { artifactPath: 's3://b/k' })).toEqual(first);
    expect(() => register(build, 'image', 10, { artifactPath: 's3://b/other' })).toThrow(
      /Choose another name/,
    );
  });

  it('supersedes by later attempts, and by force', () => {
    const build = new Simulation();
    report(build, 'start', 10);
    const first = register(build, 'image', 10);
    report(build, 'fail', 10);
    report(build, 'start', 10);
    const second = register(build, 'image', 10);
    expect(second.version).toBe(2);
    expect(build.artifacts.get(first.id)?.supersededBy).toBe(second.id);
    expect(register(build, 'image', 10, { replace: true }).version).toBe(3);
  });
});
