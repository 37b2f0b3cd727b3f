import { resolve } from 'node:path';
import type { ArtifactBackend } from '@buildstate/core';
import { BuildStateError, serverScheme } from '@buildstate/core/light';
import type { JournalState, UploadJournal } from '@buildstate/transfer';
import type { BodyOf } from '../api/call.ts';
import { isAway } from '../spool/deliver.ts';
import { type ArtifactParts, anySignal } from './artifact-parts.ts';
import type { UploadArtifact, UploadedArtifact } from './upload-options.ts';
import { completionOf, fitsReport, registrationOf } from './upload-record.ts';
import { sizeOf, sourcePath, targetToResume, type UploadTarget, uploadTarget } from './upload-target.ts';

/**
 * Removes bytes that no record names, and answers whether nothing is left to go on with. Not when the tracker's answer was lost: it may have registered them, and
 * bytes that nobody needs are better than a record without bytes.
 */
async function removeUnregistered(
  parts: ArtifactParts,
  { backend, key }: UploadTarget,
  error: unknown,
): Promise<boolean> {
  const refused = error instanceof BuildStateError && !isAway(error);
  if (!refused || backend.kind === 'server') return refused;
  try {
    await backend.delete(key);
    return true;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    parts.logger.warn(
      { key, uri: backend.uri, reason },
      'Bytes that were not registered could not be removed.',
    );
    return false;
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

/** The texts by which the same command, run again, finds what an earlier run of it has reached. */
function journalNames(
  build: string,
  { source, state, name, to, filename }: UploadArtifact,
): readonly string[] {
  const path = sourcePath(source);
  return [build, String(state), name, to ?? '', filename ?? '', path === undefined ? '' : resolve(path)];
}

/** Runs `work` with the journal of an upload, where the source is a file that takes more than one part. */
async function withJournal<Result>(
  { journals, clock, logger }: ArtifactParts,
  build: string,
  artifact: UploadArtifact,
  work: (journal: UploadJournal | undefined) => Promise<Result>,
): Promise<Result> {
  const { uploadDefaults, withUploadJournal } = await import('@buildstate/transfer');
  // A stream cannot be read again, and what fits into one part is sent at once.
  const isFile = sourcePath(artifact.source) !== undefined;
  const size = isFile ? ((await sizeOf(artifact.source)) ?? 0) : 0;
  if (size <= uploadDefaults.partBytes) return await work(undefined);
  return await withUploadJournal(
    { folder: journals, names: journalNames(build, artifact), clock, logger },
    work,
  );
}

/** Gives up what earlier uploads from this machine have left behind, in whatever store they were going to. */
async function sweepLeftovers(
  { journals, places, clock, logger }: ArtifactParts,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { sweepUploadJournals } = await import('@buildstate/transfer');
  const open = async ({ intent: { about } }: JournalState): Promise<ArtifactBackend | undefined> => {
    const place = targetToResume(about)?.place;
    // A server sweeps its own disk.
    return place === undefined || place.startsWith(serverScheme) ? undefined : await places.open(place);
  };
  try {
    await sweepUploadJournals({ folder: journals, open, ownKeys: true, clock, logger, signal });
  } catch (error) {
    // What is left of other uploads is no reason to fail one that is stored and registered.
    logger.warn({ err: error, folder: journals }, 'Uploads that were left behind could not be looked for.');
  }
}

async function uploadNoted(
  parts: ArtifactParts,
  build: string,
  artifact: UploadArtifact,
  journal: UploadJournal | undefined,
): Promise<UploadedArtifact> {
  const { source, contentType, onProgress, lease } = artifact;
  const { uploadFile } = await import('@buildstate/transfer');
  const signal = anySignal(artifact.signal, lease?.signal);
  signal?.throwIfAborted();
  const before = targetToResume(journal?.state?.intent.about);
  const target = await uploadTarget(parts, build, { ...artifact, signal }, before);
  const { clock, logger } = parts;
  const result = await uploadFile({
    backend: target.backend,
    key: target.key,
    ownKey: true,
    source: typeof source === 'string' ? { path: source } : source,
    journal,
    about: () => target.resume,
    contentType,
    onProgress,
    signal,
    clock,
    logger,
  });
  try {
    lease?.signal.throwIfAborted();
    const tracked = await track(parts, build, artifact, registrationOf(artifact, target, result));
    await journal?.forget();
    return { path: target.artifactPath, sha256: result.sha256, sizeBytes: result.sizeBytes, ...tracked };
  } catch (error) {
    if (await removeUnregistered(parts, target, error)) await journal?.forget();
    throw error;
  }
}

/** See `ArtifactsApi.upload`. */
export async function uploadArtifact(
  parts: ArtifactParts,
  build: string,
  artifact: UploadArtifact,
): Promise<UploadedArtifact> {
  const uploaded = await withJournal(parts, build, artifact, (journal) =>
    uploadNoted(parts, build, artifact, journal),
  );
  await sweepLeftovers(parts, artifact.signal);
  return uploaded;
}
