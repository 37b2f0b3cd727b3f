import { existsSync } from 'node:fs';
import { chmod, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IntegrityError } from '@buildstate/core/light';
import Database from 'better-sqlite3';
import { buildFileName, indexName } from '../sqlite/folder/build-file-name.ts';
import { storeErrorOf } from '../sqlite/sqlite-errors.ts';

/** Pages that are copied between two turns of others. */
const pagesAtOnce = 2000;

/**
 * Copies a database while others use it, by SQLite's own means: the copy is the database at one moment. It is checked,
 * on disk, and readable by its owner alone.
 * @throws IntegrityError when the copy is damaged
 */
async function copyDatabase(source: string, target: string): Promise<void> {
  try {
    const database = new Database(source, { readonly: true, fileMustExist: true });
    try {
      await database.backup(target, { progress: () => pagesAtOnce });
    } finally {
      database.close();
    }
  } catch (error) {
    throw storeErrorOf(error, source);
  }
  checkCopy(target);
  await chmod(target, 0o600);
  await using handle = await open(target, 'r+');
  await handle.sync();
}

function checkCopy(target: string): void {
  const copy = new Database(target);
  try {
    // One file that needs no other beside it, which a write-ahead log would be.
    copy.pragma('journal_mode = DELETE');
    const [first] = copy.pragma('integrity_check') as { readonly integrity_check: string }[];
    if (first?.integrity_check === 'ok') return;
    throw new IntegrityError(
      `${basename(target)} is damaged: ${first?.integrity_check}. So may be the store.`,
    );
  } finally {
    copy.close();
  }
}

/** Copies a store in one file into a folder. @returns the names of the copies */
export async function copyStoreFile(path: string, folder: string): Promise<readonly string[]> {
  const name = 'store.db';
  await copyDatabase(path, join(folder, name));
  return [name];
}

function buildsOf(index: string): string[] {
  const database = new Database(index, { readonly: true });
  try {
    const rows = database
      .prepare<[], { build_id: string }>('select build_id from build_files order by 1')
      .all();
    return rows.map(({ build_id: id }) => id);
  } finally {
    database.close();
  }
}

/**
 * Copies a store of a file per build into a folder. The index comes first: a build's file may be newer than what the
 * index says of it, which the store mends when it is opened, but never older.
 * @returns the names of the copies
 */
export async function copyStoreFolder(
  source: string,
  folder: string,
  onFile: () => void,
): Promise<readonly string[]> {
  await copyDatabase(join(source, indexName), join(folder, indexName));
  const names = [indexName];
  for (const id of buildsOf(join(folder, indexName))) {
    const name = buildFileName(id);
    onFile();
    // One that is just being made: the index has all of it.
    if (!existsSync(join(source, name))) continue;
    await copyDatabase(join(source, name), join(folder, name));
    names.push(name);
  }
  return names;
}
