import { hostname } from 'node:os';
import type { UploadResult } from '@buildstate/transfer';
import type { BodyOf } from '../api/call.ts';
import type { UploadArtifact } from './upload-options.ts';
import type { UploadTarget } from './upload-target.ts';

const archives = new Set(['tar', 'gzip', 'zstd', 'xz', 'bzip2']);

/** What kind of artifact the bytes are, when nobody says. */
function typeOf({ format }: UploadResult): string {
  if (format === undefined) return 'file';
  return archives.has(format) ? 'archive' : 'disk_image';
}

/** What an upload learns, added to the user's own metadata. */
function metadataOf(artifact: UploadArtifact, target: UploadTarget, result: UploadResult) {
  const { format, compression, virtualSizeBytes, durationMs } = result;
  return {
    ...artifact.metadata,
    upload_duration_seconds: Math.round(durationMs) / 1000,
    upload_duration_ms: Math.round(durationMs),
    ...(format !== undefined && { format }),
    ...(compression !== undefined && { compression }),
    ...(virtualSizeBytes !== undefined && { virtual_size_bytes: virtualSizeBytes }),
    // A folder of this machine means nothing on another one without its name.
    ...(target.artifactPath.startsWith('file:') && { host: hostname() }),
  };
}

function bucketOf(artifactPath: string): string | undefined {
  return /^(?:s3|gs|azure-blob):\/\/([^/?]+)/.exec(artifactPath)?.[1];
}

/** The record of stored bytes. */
export function registrationOf(
  artifact: UploadArtifact,
  target: UploadTarget,
  result: UploadResult,
): BodyOf<'registerArtifact'> {
  const { state, name, contentType, resumable, final, expiresAt, parents, replace, lease } = artifact;
  return {
    stateCode: state,
    artifactName: name,
    artifactType: artifact.type ?? typeOf(result),
    artifactPath: target.artifactPath,
    storageBackend: target.backend.kind,
    storageBucket: bucketOf(target.artifactPath),
    storageKey: result.key,
    sizeBytes: result.sizeBytes,
    checksum: result.sha256,
    checksumAlgorithm: 'sha256',
    contentType,
    isResumable: resumable,
    isFinal: final,
    expiresAt,
    metadata: metadataOf(artifact, target, result),
    parents,
    verificationStatus: 'stored',
    replace,
    leaseToken: lease?.token,
  };
}

/** Whether a report can say all of a record, so that one change completes the state and registers the artifact. */
export function fitsReport({
  contentType,
  resumable,
  final,
  expiresAt,
  parents,
  replace,
}: UploadArtifact): boolean {
  return (
    [contentType, expiresAt, parents].every((value) => value === undefined) &&
    resumable !== false &&
    !final &&
    !replace
  );
}

/**
 * The report that completes the state with stored bytes.
 * @param registers whether it registers the artifact as well
 */
export function completionOf(
  artifact: UploadArtifact,
  record: BodyOf<'registerArtifact'>,
  registers: boolean,
): BodyOf<'recordState'> {
  const { complete, lease } = artifact;
  return {
    ...(lease !== undefined && { leaseToken: lease.token }),
    ...(typeof complete === 'object' && complete),
    state: artifact.state,
    status: 'completed',
    artifactStorageType: record.storageBackend,
    artifactStoragePath: record.artifactPath,
    artifactSizeBytes: record.sizeBytes ?? undefined,
    artifactChecksum: `sha256:${record.checksum}`,
    artifactMetadata: record.metadata,
    ...(registers && { artifactName: record.artifactName, artifactType: record.artifactType }),
  };
}
