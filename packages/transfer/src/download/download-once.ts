import type { ObjectInfo } from '@buildstate/core';
import { BuildStateError, type ErrorKind } from '@buildstate/core/light';
import { ArtifactCache, type ArtifactCacheOptions } from '../cache/artifact-cache.ts';
import { checkBytes, checkSize } from './expected.ts';
import { fetchPieces } from './fetch-pieces.ts';
import type { FileDigests } from './file-hash.ts';
import type { DownloadSubject } from './journal.ts';
import { findLeftovers, removeLeftovers } from './leftovers.ts';
import { PartFile } from './part-file.ts';
import { Pieces, pieceBytesFor } from './pieces.ts';
import { nameOf, type ResolvedVerifyOptions } from './read-options.ts';
import { statObject } from './read-verified.ts';
import { startHash } from './start-hash.ts';
import { checkFreeSpace } from './target.ts';

/** One try at a download. */
export interface DownloadTry {
  readonly settings: ResolvedVerifyOptions;
  readonly target: string;
  readonly overwrite: boolean;
  readonly lanes: number;
  readonly pieceBytes: number;
  readonly resume: boolean;
  readonly cache?: ArtifactCacheOptions;
}

/** What a try came to. */
export type TryOutcome =
  | { readonly done: FileDigests & { sizeBytes: number; info: ObjectInfo; resumedBytes: number } }
  | { readonly error: unknown; readonly resumedBytes: number };

/** Failures after which the bytes in the file are of no use, or not worth the room they take. */
const finalKinds: readonly ErrorKind[] = [
  'integrity',
  'conflict',
  'not_found',
  'no_space',
  'too_large',
  'invalid',
];

function isWorthKeeping(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted) return true;
  return error instanceof BuildStateError && !finalKinds.includes(error.kind);
}

function subjectOf({ backend, key, expected }: ResolvedVerifyOptions, info: ObjectInfo): DownloadSubject {
  return {
    object: nameOf({ backend, key }),
    version: info.version,
    sizeBytes: info.size,
    ...(expected.sha256 !== undefined && { sha256: expected.sha256.toLowerCase() }),
  };
}

/** @throws NoSpaceError when the rest does not fit; what is there stays, for when there is room */
async function withRoom(file: PartFile, target: string, sizeBytes: number): Promise<PartFile> {
  const presentBytes = file.present.reduce((sum, { start, end }) => sum + end - start, 0);
  try {
    await checkFreeSpace(target, sizeBytes - presentBytes);
    return file;
  } catch (error) {
    await file.keep();
    throw error;
  }
}

/** The file to write to: one that an interrupted download left, or a new one. @throws NoSpaceError */
async function openPart(
  { settings, target, resume }: DownloadTry,
  subject: DownloadSubject,
): Promise<PartFile> {
  const leftovers = [...(await findLeftovers(target, subject, settings.clock.now()))];
  while (resume && leftovers.length > 0) {
    const [first] = leftovers.splice(0, 1);
    const file = first && (await PartFile.adopt(target, subject, first));
    if (file === undefined) continue;
    await removeLeftovers(leftovers);
    return await withRoom(file, target, subject.sizeBytes);
  }
  await removeLeftovers(leftovers);
  await checkFreeSpace(target, subject.sizeBytes);
  return await PartFile.create(target, subject);
}

async function fill(
  { settings, lanes }: DownloadTry,
  info: ObjectInfo,
  file: PartFile,
  pieces: Pieces,
): Promise<FileDigests> {
  const { clock, onProgress, expected } = settings;
  const startedAt = clock.monotonic();
  const fileHash = startHash(settings, file, info.size);
  const advance = () => fileHash.advance(pieces.frontier);
  try {
    advance();
    await fetchPieces({
      options: settings,
      info,
      pieces,
      lanes,
      sink: (chunk, position) => file.write(chunk, position),
      onBytes() {
        advance();
        const elapsedMs = clock.monotonic() - startedAt;
        onProgress?.({ transferredBytes: pieces.presentBytes, totalBytes: info.size, elapsedMs });
      },
      onPiece: (piece) => file.note(piece),
    });
    const digests = await fileHash.result();
    checkBytes(nameOf(settings), expected, { ...digests, sizeBytes: info.size });
    return digests;
  } finally {
    await fileHash.stop();
  }
}

/** Downloads one version of the object, the one that is there now. Failures are answered, not thrown. */
export async function downloadOnce(attempt: DownloadTry): Promise<TryOutcome> {
  const { settings, overwrite, cache } = attempt;
  let resumedBytes = 0;
  try {
    const info = await statObject(settings);
    checkSize(nameOf(settings), settings.expected, info.size);
    const subject = subjectOf(settings, info);
    const file = await openPart(attempt, subject);
    const pieces = new Pieces(info.size, pieceBytesFor(info.size, attempt.pieceBytes), file.present);
    resumedBytes = pieces.presentBytes;
    try {
      const digests = await fill(attempt, info, file, pieces);
      if (cache !== undefined) await new ArtifactCache(cache).keep(digests.sha256, info.size, file.path);
      await file.commit(overwrite);
      await file.discard();
      return { done: { ...digests, sizeBytes: info.size, info, resumedBytes } };
    } catch (error) {
      const worth = pieces.presentBytes > attempt.pieceBytes && subject.sha256 !== undefined;
      if (worth && isWorthKeeping(error, settings.signal)) await file.keep(pieces.present());
      else await file.discard();
      throw error;
    }
  } catch (error) {
    return { error, resumedBytes };
  }
}
