import type { Artifact } from '../artifact/artifact.ts';
import { parseChecksum } from '../artifact/checksum.ts';
import { decideRegister } from '../artifact/decide-register.ts';
import type { BuildDraft } from '../build/draft.ts';
import type { StateReport } from '../build/report.ts';
import type { CheckedInput } from '../wire/contract.ts';
import { signerOf } from './artifact-input.ts';
import type { Engine } from './engine.ts';

type Body = CheckedInput<'recordState'>['body'];

/**
 * Registers the artifact that a report names, in the same change.
 * @returns its record, or `null` when the report names none
 * @throws AlreadyExistsError, LeaseLostError, LimitError
 */
export function registerProduced(
  engine: Engine,
  draft: BuildDraft,
  body: Body,
  report: StateReport,
): Artifact | null {
  const { artifactStoragePath, artifactStorageType, artifactChecksum } = report;
  if (body.artifactName === undefined || artifactStoragePath === null || artifactStorageType === null)
    return null;
  return decideRegister(
    draft,
    {
      id: engine.uuid(),
      stateCode: report.state,
      artifactName: body.artifactName,
      artifactType: body.artifactType ?? 'file',
      artifactPath: artifactStoragePath,
      storageBackend: artifactStorageType,
      storageRegion: null,
      storageBucket: null,
      storageKey: null,
      sizeBytes: report.artifactSizeBytes,
      checksum: artifactChecksum === null ? null : parseChecksum(artifactChecksum, 'artifact_checksum'),
      contentType: null,
      isResumable: true,
      isFinal: false,
      expiresAt: null,
      metadata: report.artifactMetadata ?? {},
      parents: [],
      verificationStatus: body.artifactVerificationStatus ?? 'unverified',
      replace: false,
      leaseToken: report.leaseToken,
    },
    signerOf(engine),
  );
}

/** The record of an artifact that an earlier report of the same kind registered. */
export function producedBefore(draft: BuildDraft, body: Body): Artifact | undefined {
  return draft.loaded.artifacts.find(
    ({ artifactName, artifactPath, deletedAt }) =>
      artifactName === body.artifactName && artifactPath === body.artifactStoragePath && deletedAt === null,
  );
}
