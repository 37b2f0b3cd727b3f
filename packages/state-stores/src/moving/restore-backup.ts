import { constants, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StateStore } from '@buildstate/core';
import { AlreadyExistsError, IntegrityError } from '@buildstate/core/light';
import { openStateStore } from '../registry.ts';
import { type BackupManifest, readBackup } from './backup-manifest.ts';
import { type CopySummary, copyStore } from './copy-store.ts';
import { importArchive } from './import-archive.ts';
import type { OnProgress } from './progress.ts';
import { placeOf, recordAt } from './put-record.ts';
import type { PutSummary } from './put-records.ts';
import { readArchive } from './read-archive.ts';
import { nameOf } from './record.ts';
import { isEmpty } from './store-records.ts';
import { comparableText } from './wire-form.ts';

/** How a backup is put back. */
export interface RestoreOptions {
  /** Whether the store may have something in it already, which is left as it is. @default false */
  readonly merge?: boolean | undefined;
  /** Is told how far it is. */
  readonly onProgress?: OnProgress | undefined;
}

/** What came of it. */
export interface RestoreSummary extends PutSummary {
  /** The backup. */
  readonly backup: BackupManifest;
}

/**
 * Puts a backup back into a store of any kind. Every file of the backup is compared with its digest first, and what was
 * written is read back.
 * @throws ConfigurationError, IntegrityError before anything is written; AlreadyExistsError when the store is not empty
 */
export async function restoreBackup(
  folder: string,
  store: StateStore,
  { merge = false, onProgress }: RestoreOptions = {},
): Promise<RestoreSummary> {
  const backup = await readBackup(folder);
  if (!merge && !(await isEmpty(store))) {
    throw new AlreadyExistsError(
      `${store.uri} is not empty. Restore into a new store, or add what is missing with --merge: ` +
        'it leaves everything that is there as it is.',
    );
  }
  const [first] = backup.files;
  const archive = join(folder, first?.path ?? '');
  if (backup.form === 'archive') {
    const summary = await importArchive(store, archive, onProgress);
    if (summary.conflicts.length === 0) await mustHold(store, archive);
    return { ...summary, backup };
  }
  return { ...(await fromDatabases(folder, backup, store, onProgress)), backup };
}

/** @throws IntegrityError when a store does not have what an archive says */
async function mustHold(store: StateStore, archive: string): Promise<void> {
  for await (const record of readArchive(archive)) {
    const found = await recordAt(store, placeOf(record));
    if (found !== undefined && comparableText(found) === comparableText(record)) continue;
    throw new IntegrityError(`${store.uri} does not have ${nameOf(record)} as it was restored.`);
  }
}

/** From a copy, because a database that is opened is written to, and the backup must stay what its digests say. */
async function fromDatabases(
  folder: string,
  { form, files }: BackupManifest,
  store: StateStore,
  onProgress: OnProgress | undefined,
): Promise<CopySummary> {
  const temporary = await mkdtemp(join(tmpdir(), 'bldst-restore-'));
  try {
    for (const { path } of files)
      await copyFile(join(folder, path), join(temporary, path), constants.COPYFILE_FICLONE);
    const path = form === 'sqlite-file' ? join(temporary, files[0]?.path ?? '') : temporary;
    const source = await openStateStore(pathToFileURL(path).href.replace(/^file:/, 'sqlite:'));
    try {
      return await copyStore(source, store, onProgress);
    } finally {
      await source.close();
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
