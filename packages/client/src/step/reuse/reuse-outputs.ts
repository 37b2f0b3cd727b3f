import { BuildStateError } from '@buildstate/core/light';
import type { StateReport } from '../../api/builds.ts';
import type { ArtifactRecord } from '../../artifact/artifact-record.ts';
import { fingerprintField, type StepFingerprint } from '../inputs/fingerprint.ts';
import { report } from '../state/reporting.ts';
import type { StateWork } from '../state/state-work.ts';
import { type EarlierOutputs, earlierOutputs } from './find-earlier.ts';
import { madeFromField, reusedFromField } from './reuse-key.ts';

/** Whether the bytes of an artifact are there, as the tracker sees them, else read from here. */
async function isThere({ around }: StateWork, { buildId, id }: ArtifactRecord): Promise<boolean> {
  const { verificationStatus: status } = await around.client.artifacts.verify(buildId, id, {});
  if (status === 'stored' || status === 'verified') return true;
  if (status === 'missing' || status === 'corrupt') return false;
  await around.client.artifacts.download(buildId, id, '', {
    verifyOnly: true,
    signal: around.interrupts.aborted,
  });
  return true;
}

async function areThere(work: StateWork, { artifacts }: EarlierOutputs): Promise<boolean> {
  for (const artifact of artifacts) if (!(await isThere(work, artifact))) return false;
  return true;
}

/**
 * The newest outputs of an earlier build that are proven to be there. Looking for them must not fail a state that can
 * simply run: what goes wrong is told, and there are none then.
 */
async function findOutputs(work: StateWork, key: string): Promise<EarlierOutputs | undefined> {
  const { around, build, step } = work;
  try {
    const { projectId: project } = await around.client.builds.get(build.id);
    const looking = { client: around.client, project, buildId: build.id, now: around.clock.now() };
    for await (const outputs of earlierOutputs(looking, step, key)) {
      if (await areThere(work, outputs)) return outputs;
    }
  } catch (error) {
    if (!(error instanceof BuildStateError)) throw error;
    around.notes.warn(
      `State ${step.state} runs, because outputs of earlier builds cannot be looked for: ${error.message}`,
    );
  }
  return undefined;
}

/** The record that an artifact of an earlier build gets in this one: the same bytes, at the same place. */
function registrationOf(artifact: ArtifactRecord, key: string, leaseToken: number | undefined) {
  const { stateCode, artifactName, artifactType, artifactPath, contentType, expiresAt, isFinal } = artifact;
  const { storageBackend, storageRegion, storageBucket, storageKey } = artifact;
  const { sizeBytes, checksum, checksumAlgorithm, metadata } = artifact;
  return {
    stateCode,
    artifactName,
    artifactType,
    artifactPath,
    storageBackend,
    storageRegion,
    storageBucket,
    storageKey,
    sizeBytes,
    checksum,
    checksumAlgorithm,
    contentType,
    expiresAt,
    isFinal,
    isResumable: true,
    metadata: { ...metadata, [madeFromField]: key, [reusedFromField]: artifact.buildId },
    parents: [artifact.id],
    verificationStatus: 'stored',
    replace: true,
    leaseToken,
  } as const;
}

/** The report that completes the state with the outputs of another build. */
function completionOf(
  { step }: StateWork,
  { build, attempt, artifacts: [first] }: EarlierOutputs,
  inputs: StepFingerprint,
  key: string,
): StateReport {
  return {
    state: step.state,
    status: 'completed',
    message: `Reused from build ${build.label}, which made the same of the same inputs.`,
    artifactStorageType: first.storageBackend,
    artifactStoragePath: first.artifactPath,
    artifactSizeBytes: first.sizeBytes ?? undefined,
    artifactChecksum: first.checksum === null ? undefined : `${first.checksumAlgorithm}:${first.checksum}`,
    artifactMetadata: first.metadata,
    metadata: {
      [fingerprintField]: { ...inputs },
      [madeFromField]: key,
      [reusedFromField]: { build_id: build.id, build: build.label, attempt_id: attempt.id },
    },
  } as StateReport;
}

/**
 * Completes a state with what an earlier build of the project has made of the same inputs, if there is such a thing and
 * it is proven to be there: its artifacts are registered by reference, the variables that it set are set, and the
 * report says whose outputs they are.
 *
 * @param key what `reuseKey` gave
 * @returns whose outputs stand for the state's own now; `undefined` when it has to run
 * @throws LeaseLostError, IllegalTransitionError and the other refusals of a report
 */
export async function reuseOutputs(
  work: StateWork,
  inputs: StepFingerprint,
  key: string,
): Promise<string | undefined> {
  const { around, build, step } = work;
  const outputs = await findOutputs(work, key);
  if (outputs === undefined) return undefined;
  const leaseToken = build.lease?.token;
  for (const { variableKey, variableValue = '', variableType, isRequiredForResume } of outputs.variables) {
    const value = { variableKey, variableValue, variableType, isRequiredForResume };
    await around.client.variables.set(build.id, { ...value, setAtState: step.state, leaseToken });
  }
  for (const artifact of outputs.artifacts)
    await around.client.artifacts.register(build.id, registrationOf(artifact, key, leaseToken));
  await report(around, build, completionOf(work, outputs, inputs, key));
  return outputs.build.label;
}
