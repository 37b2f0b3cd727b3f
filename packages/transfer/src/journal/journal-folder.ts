import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Logger } from '@buildstate/core';
import { silentLogger } from '@buildstate/core/light';
import { makePrivateFolder, systemClock, withHolderLock } from '@buildstate/node-runtime';
import { UploadJournal } from './upload-journal.ts';

/** How the files of journals end. */
export const journalSuffix = '.upload.jsonl';

/** Which upload a journal is about. */
export interface JournalPlace {
  /** Folder of journals; made, for this user alone, when it is not there. */
  readonly folder: string;
  /** What is sent and where to, as texts. The same texts find the journal again. */
  readonly names: readonly string[];
  /** Measures time. @default the system's */
  readonly clock?: Clock;
  /** Told why an upload cannot be noted. @default silent */
  readonly logger?: Logger;
}

/** The file of a journal. Its name is a digest, since paths and URIs make no file names. */
export function journalPath(folder: string, names: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(names)).digest('hex');
  return join(folder, `${digest.slice(0, 32)}${journalSuffix}`);
}

/** The lock of a journal. */
export function lockOf(path: string): string {
  return `${path}.lock`;
}

/**
 * Runs `work` with the journal of an upload. While another process that lives is at the same upload, and where no
 * journal can be written, `work` gets `undefined`, and its upload cannot be resumed.
 *
 * The journal outlives `work` unless that forgets it, which is to be done when nothing is left to go on with.
 */
export async function withUploadJournal<Result>(
  { folder, names, clock = systemClock, logger = silentLogger }: JournalPlace,
  work: (journal: UploadJournal | undefined) => Promise<Result>,
): Promise<Result> {
  const path = journalPath(folder, names);
  let begun = false;
  const withJournal = async (): Promise<Result> => {
    const journal = await UploadJournal.open(path, logger);
    begun = true;
    try {
      return await work(journal);
    } finally {
      await journal.close();
    }
  };
  try {
    await makePrivateFolder(folder);
    const locked = await withHolderLock(lockOf(path), { waitMs: 0, clock }, withJournal);
    if (locked !== undefined) return locked.result;
    logger.info({ journal: path }, 'Another process is at the same upload; this one cannot be resumed.');
  } catch (error) {
    if (begun) throw error;
    logger.warn(
      { err: error, journal: path },
      'This upload cannot be noted: if it is interrupted, it begins anew.',
    );
  }
  return await work(undefined);
}
