import type { ArtifactBackend } from '@buildstate/core';
import {
  BuildStateError,
  IntegrityError,
  NotFoundError,
  NotResumableError,
  StorageNotFoundError,
  serverScheme,
} from '@buildstate/core/light';
import type { ArtifactParts } from './artifact-parts.ts';
import type { ArtifactRecord } from './artifact-record.ts';
import { chooseArtifact } from './choose.ts';
import type { ArtifactChoice, DownloadedArtifact, DownloadOptions } from './download-options.ts';
import { expectedBytes } from './expected-bytes.ts';
import { otherHost, splitPlace } from './place.ts';

/** Where an artifact's bytes are read. */
interface Source {
  readonly backend: ArtifactBackend;
  readonly key: string;
  /** The host whose disk it is, when it is not this one. */
  readonly elsewhere?: string;
}

/** @throws NotFoundError, NotResumableError, IntegrityError when its record says that the bytes are of no use */
function checkRecord(artifact: ArtifactRecord, now: number, verifyOnly: boolean): void {
  const { artifactName, deletedAt, expiresAt, verificationStatus, checksum, artifactPath } = artifact;
  if (deletedAt !== null) throw new NotFoundError(`Artifact ${artifactName} was deleted.`);
  if (expiresAt !== null && Date.parse(expiresAt) <= now) {
    throw new NotResumableError(`Artifact ${artifactName} has expired at ${expiresAt}. Make it again.`);
  }
  if (checksum === null) {
    throw new IntegrityError(
      `Artifact ${artifactName} (${artifactPath}) was registered without a checksum, so its bytes cannot be verified. ` +
        'Fetch it with the tool that made it, or register it again with --checksum.',
    );
  }
  if (verificationStatus === 'corrupt' && !verifyOnly) {
    throw new IntegrityError(
      `The integrity check failed before: the bytes of ${artifactName} are damaged. Make the artifact again, or look once more with --verify-only.`,
    );
  }
}

async function sourceOf(parts: ArtifactParts, artifact: ArtifactRecord): Promise<Source> {
  const { artifactPath, storageKey, metadata, buildId, id } = artifact;
  if (artifactPath.startsWith(serverScheme)) {
    if (parts.serverBytes === undefined) {
      throw new StorageNotFoundError(
        `${artifactPath} lies on the own disk of a server. Connect to that server to fetch it.`,
      );
    }
    const backend = await parts.places.guarded(parts.serverBytes.content(buildId, id));
    return { backend, key: artifactPath.replace(/^server:\/*/, '') };
  }
  const place = splitPlace(artifactPath, storageKey);
  if (place === undefined) {
    throw new StorageNotFoundError(
      `${artifactPath} is no place that bytes can be read from; it is only tracked.`,
    );
  }
  const elsewhere = otherHost(place, metadata);
  return {
    backend: await parts.places.open(place.base),
    key: place.key,
    ...(elsewhere !== undefined && { elsewhere }),
  };
}

function notHere(artifact: ArtifactRecord, host: string, cause: unknown): StorageNotFoundError {
  return new StorageNotFoundError(
    `The bytes of ${artifact.artifactName} lie on the host ${host} (${artifact.artifactPath}), not on this machine. ` +
      'Run there, or store artifacts where all workers can reach them.',
    { cause, context: { host, artifact_path: artifact.artifactPath } },
  );
}

/** Tells the tracker what was seen, so that nobody else starts from it. */
async function tell(
  parts: ArtifactParts,
  artifact: ArtifactRecord,
  status: 'corrupt' | 'missing',
): Promise<void> {
  const params = { buildId: artifact.buildId, artifactId: artifact.id };
  try {
    await parts.operations.call('verifyArtifact', { params, body: { verificationStatus: status } });
  } catch (error) {
    if (!(error instanceof BuildStateError)) throw error;
    // A reader may lack the right to say so. The bytes are refused either way.
    parts.logger.warn(
      { artifact_id: artifact.id, reason: error.message },
      `An artifact could not be marked ${status}.`,
    );
  }
}

/** Whether an error says that the bytes themselves are other ones, rather than that they arrived incomplete. */
function isMismatch(error: unknown): boolean {
  return error instanceof IntegrityError && 'field' in error.context;
}

interface Reading {
  readonly artifact: ArtifactRecord;
  readonly source: Source;
  readonly read: () => Promise<{
    readonly path?: string;
    readonly sha256: string;
    readonly sizeBytes: number;
  }>;
  readonly verify: () => Promise<unknown>;
}

/** Reads with proof. Bytes that are wrong are looked at once more before anybody is told that they are damaged. */
async function prove(parts: ArtifactParts, { artifact, source, read, verify }: Reading) {
  try {
    return await read();
  } catch (error) {
    const wrong = isMismatch(error);
    const gone = error instanceof StorageNotFoundError;
    if (source.elsewhere !== undefined && (wrong || gone)) throw notHere(artifact, source.elsewhere, error);
    if (gone && source.backend.kind !== 'memory') await tell(parts, artifact, 'missing');
    if (!wrong) throw error;
    parts.logger.warn(
      { artifact_id: artifact.id },
      'An artifact did not hash to its checksum; it is read once more.',
    );
    try {
      await verify();
    } catch (again) {
      if (isMismatch(again)) await tell(parts, artifact, 'corrupt');
      throw again;
    }
    return await read();
  }
}

/** See `ArtifactsApi.download`. */
export async function downloadArtifact(
  parts: ArtifactParts,
  build: string,
  which: ArtifactChoice,
  target: string,
  options: DownloadOptions = {},
): Promise<DownloadedArtifact> {
  const { verifyOnly = false, overwrite, onProgress, signal } = options;
  const { clock, cache } = parts;
  const artifact = await chooseArtifact(parts.operations, build, which, clock.now(), { signal });
  checkRecord(artifact, clock.now(), verifyOnly);
  parts.checkSignature?.(artifact);
  const { downloadFile, verifyObject } = await import('@buildstate/transfer');
  const source = await sourceOf(parts, artifact);
  const { backend, key } = source;
  const settings = { backend, key, expected: expectedBytes(artifact), signal, onProgress, clock };
  const verify = () => verifyObject(settings);
  const read = verifyOnly ? verify : () => downloadFile({ ...settings, target, overwrite, cache });
  const { sha256, sizeBytes, path } = await prove(parts, { artifact, source, read, verify });
  return { artifact, sha256, sizeBytes, ...(path !== undefined && { path }) };
}
