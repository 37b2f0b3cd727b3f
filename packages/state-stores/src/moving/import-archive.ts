import { stat } from 'node:fs/promises';
import type { StateStore } from '@buildstate/core';
import type { MovingProgress, OnProgress } from './progress.ts';
import { type PutSummary, putRecords } from './put-records.ts';
import { checkArchive, readArchive } from './read-archive.ts';
import type { ArchiveSummary } from './write-archive.ts';

/** What came of an import. */
export interface ImportSummary extends PutSummary {
  /** What the archive holds. */
  readonly archive: ArchiveSummary;
}

/**
 * Brings an archive into a store. The archive is read twice: once to see that it is whole, and only then to write. What
 * is there already is left as it is, so that an import that was interrupted is done again and goes on.
 * @throws ConfigurationError, IntegrityError before anything is written
 */
export async function importArchive(
  store: StateStore,
  path: string,
  onProgress: OnProgress = () => undefined,
): Promise<ImportSummary> {
  const { size } = await stat(path);
  // Both readings count: the bar is half full when the first one is done.
  const during = (before: number) => (progress: MovingProgress) =>
    onProgress({ ...progress, bytes: before + (progress.bytes ?? 0), totalBytes: 2 * size });
  const archive = await checkArchive(path, during(0));
  const summary = await putRecords(store, readArchive(path, { onProgress: during(size) }));
  return { ...summary, archive };
}
