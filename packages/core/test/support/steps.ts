import { decideRegister, type Registration } from '../../src/artifact/decide-register.ts';
import { decideManualRetry } from '../../src/build/decide-by-hand.ts';
import { decideReport } from '../../src/build/decide-report.ts';
import { decideRollback } from '../../src/build/decide-rollback.ts';
import type { StateReport } from '../../src/build/report.ts';
import { type ResumableState, timestamp } from '../../src/index.ts';
import { acquireLease } from '../../src/lease/decide-lease.ts';
import { findResume } from '../../src/resume/context.ts';
import { decideResumeRequest, type ResumeWish } from '../../src/resume/decide-request.ts';
import { epoch, ids, makeReport, type Simulation } from './simulation.ts';

/** Reports one transition. */
export function report(
  build: Simulation,
  kind: StateReport['kind'],
  state: number,
  fields: Partial<StateReport> = {},
) {
  return build.apply((draft) => decideReport(draft, makeReport({ kind, state, ...fields })));
}

/** What a person says. */
export const byHand = () => ({ ...makeReport({ kind: 'start', state: 0 }), reason: 'looked at it' });

/** Clears a failure by hand. */
export function retryByHand(build: Simulation) {
  build.apply((draft) => decideManualRetry(draft, undefined, byHand()));
}

/** Rolls back. */
export function rollBack(build: Simulation, target?: number) {
  build.apply((draft) => decideRollback(draft, { target, reason: null, reportedBy: null, leaseToken: null }));
}

/** Takes the lease for a minute. */
export function lease(build: Simulation, holder = 'worker', holderGone: number | null = null) {
  const wish = { holder, identity: null, ttlSeconds: 60, holderGone };
  return build.apply((draft) => acquireLease(draft, wish));
}

/** Registers an artifact of a place of its own. */
export function register(
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

/** How a project says that a state is resumed. */
export function resumable(stateCode: number, fields: Partial<ResumableState> = {}): ResumableState {
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

const wish: ResumeWish = {
  resumeFromState: null,
  resumeToState: null,
  resumeReason: null,
  requestedBy: null,
  requestSource: 'api',
  metadata: {},
};

/** Where the build would go on. */
export function findingsOf(build: Simulation, wanted?: number) {
  return findResume(
    build.snapshot,
    { artifacts: [...build.artifacts.values()], variables: [...build.variables.values()] },
    timestamp(build.now),
    wanted === undefined ? {} : { from: wanted },
  );
}

/** Asks that the build goes on. */
export function askToResume(build: Simulation, fields: Partial<ResumeWish> = {}) {
  const findings = findingsOf(build, fields.resumeFromState ?? undefined);
  return build.apply((draft) => decideResumeRequest(draft, { ...wish, ...fields }, findings));
}
