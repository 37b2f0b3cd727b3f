import type { OperationInput } from '@buildstate/core';
import { NotFoundError } from '@buildstate/core/light';
import type { CallOptions } from '../api/call.ts';
import type { Operations } from '../api/operations.ts';
import type { ArtifactRecord } from './artifact-record.ts';
import type { ArtifactChoice } from './download-options.ts';

/** What an artifact was looked for by, in words. */
function wanted(choice: ArtifactChoice): string {
  if (typeof choice === 'string') return `artifact "${choice}"`;
  if ('name' in choice) return `artifact "${choice.name}"`;
  return 'state' in choice ? `resumable artifact at or before state ${choice.state}` : 'resumable artifact';
}

/** Whether a resumed build could start from it now. */
function isUsable(artifact: ArtifactRecord, now: number): boolean {
  const { deletedAt, supersededBy, expiresAt, verificationStatus } = artifact;
  if (deletedAt !== null || supersededBy !== null) return false;
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return false;
  return verificationStatus !== 'missing' && verificationStatus !== 'corrupt';
}

/** The later of two: of the later state, else made later. */
function newer(a: ArtifactRecord, b: ArtifactRecord): ArtifactRecord {
  if (a.stateCode !== b.stateCode) return a.stateCode > b.stateCode ? a : b;
  return a.createdAt > b.createdAt ? a : b;
}

/**
 * Finds the artifact that is meant.
 * @param now milliseconds since the epoch: expired ones are not found by state
 * @throws NotFoundError
 */
export async function chooseArtifact(
  { call, list }: Operations,
  buildId: string,
  choice: ArtifactChoice,
  now: number,
  options: CallOptions,
): Promise<ArtifactRecord> {
  const name = typeof choice === 'string' ? choice : 'name' in choice ? choice.name : undefined;
  if (name !== undefined) return call('getArtifact', { params: { buildId, artifactId: name } }, options);
  const highest = typeof choice === 'object' && 'state' in choice ? choice.state : 100;
  const params: OperationInput<'listArtifacts'>['params'] = { buildId };
  let found: ArtifactRecord | undefined;
  const query = { isResumable: true, includeInherited: true, limit: 1000 };
  for await (const artifact of list('listArtifacts', params, query, options)) {
    if (artifact.stateCode > highest || !isUsable(artifact, now)) continue;
    found = found === undefined ? artifact : newer(artifact, found);
  }
  if (found !== undefined) return found;
  throw new NotFoundError(
    `Build ${buildId} has no ${wanted(choice)}. See what there is with: bldst artifact list ${buildId}`,
  );
}
