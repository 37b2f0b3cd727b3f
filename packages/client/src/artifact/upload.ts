import { BuildStateError } from '@buildstate/core/light';
import type { BodyOf } from '../api/call.ts';
import { isAway } from '../spool/deliver.ts';
import { type ArtifactParts, anySignal } from './artifact-parts.ts';
import { runningSha256 } from './running-sha256.ts';
import type { UploadArtifact, UploadedArtifact } from './upload-options.ts';
import { completionOf, fitsReport, registrationOf } from './upload-record.ts';
import { type UploadTarget, uploadTarget } from './upload-target.ts';

/**
 * Removes bytes that no record names. Not when the tracker's answer was lost: it may have registered them, and
 * bytes that nobody needs are better than a record without bytes.
 */
async function removeUnregistered(
  parts: ArtifactParts,
  { backend, key }: UploadTarget,
  error: unknown,
): Promise<void> {
  const refused = error instanceof BuildStateError && !isAway(error);
  if (!refused || backend.kind === 'server') return;
  try {
    await backend.delete(key);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    parts.logger.warn(
      { key, uri: backend.uri, reason },
      'Bytes that were not registered could not be removed.',
    );
  }
}

type Tracked = Pick<UploadedArtifact, 'artifact' | 'report' | 'warnings'>;

async function register(
  parts: ArtifactParts,
  build: string,
  body: BodyOf<'registerArtifact'>,
): Promise<Tracked> {
  const { warnings, ...artifact } = await parts.operations.call('registerArtifact', {
    params: { buildId: build },
    body,
  });
  return { artifact, warnings };
}

/** Tells the tracker of stored bytes. Not ended by a signal: the bytes are there, and worth the one call. */
async function track(
  parts: ArtifactParts,
  build: string,
  artifact: UploadArtifact,
  record: BodyOf<'registerArtifact'>,
): Promise<Tracked> {
  if (!artifact.complete) return register(parts, build, record);
  const inOne = fitsReport(artifact);
  const registered = inOne ? { warnings: [] } : await register(parts, build, record);
  const report = await parts.report(build, completionOf(artifact, record, inOne), { spool: artifact.spool });
  const warnings = report.delivered ? report.answer.warnings : [];
  return { ...registered, report, warnings: [...registered.warnings, ...warnings] };
}

/** See `ArtifactsApi.upload`. */
export async function uploadArtifact(
  parts: ArtifactParts,
  build: string,
  artifact: UploadArtifact,
): Promise<UploadedArtifact> {
  const { source, contentType, onProgress, lease } = artifact;
  const { uploadFile } = await import('@buildstate/transfer');
  const signal = anySignal(artifact.signal, lease?.signal);
  signal?.throwIfAborted();
  const sha256 = runningSha256();
  const target = await uploadTarget(parts, build, { ...artifact, signal }, sha256.soFar);
  const { clock, logger } = parts;
  const result = await uploadFile({
    backend: target.backend,
    key: target.key,
    source: typeof source === 'string' ? { path: source } : source,
    crypto: sha256.crypto,
    contentType,
    onProgress,
    signal,
    clock,
    logger,
  });
  try {
    lease?.signal.throwIfAborted();
    const tracked = await track(parts, build, artifact, registrationOf(artifact, target, result));
    return { path: target.artifactPath, sha256: result.sha256, sizeBytes: result.sizeBytes, ...tracked };
  } catch (error) {
    await removeUnregistered(parts, target, error);
    throw error;
  }
}
