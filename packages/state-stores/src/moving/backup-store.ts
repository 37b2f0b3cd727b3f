import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StateStore } from '@buildstate/core';
import { AlreadyExistsError } from '@buildstate/core/light';
import { isErrorWithCode, spaceErrorOf, syncFolder, writeFileAtomic } from '@buildstate/node-runtime';
import { sqlitePlace } from '../sqlite/sqlite-place.ts';
import {
  type BackupForm,
  type BackupManifest,
  fileFacts,
  manifestName,
  manifestText,
} from './backup-manifest.ts';
import { copyStoreFile, copyStoreFolder } from './backup-sqlite.ts';
import type { OnProgress } from './progress.ts';
import { writeArchiveFile } from './write-archive.ts';

/** How a backup is made. */
export interface BackupOptions {
  /** Now: ISO 8601. */
  readonly now: string;
  /** Is told how far it is. */
  readonly onProgress?: OnProgress | undefined;
}

interface Copied {
  readonly form: BackupForm;
  readonly files: readonly string[];
}

async function copyInto(store: StateStore, folder: string, onProgress: OnProgress): Promise<Copied> {
  const place = store.kind === 'sqlite' ? sqlitePlace(store.uri) : undefined;
  if (place?.form === 'file') return { form: 'sqlite-file', files: await copyStoreFile(place.path, folder) };
  if (place?.form === 'folder') {
    let records = 0;
    const onFile = () => {
      records += 1;
      onProgress({ records });
    };
    return { form: 'sqlite-folder', files: await copyStoreFolder(place.path, folder, onFile) };
  }
  const name = 'store.ndjson.zst';
  await writeArchiveFile(store, join(folder, name), { onProgress });
  return { form: 'archive', files: [name] };
}

/**
 * Makes a backup of a store while it is in use: a folder that is there when it is complete and on disk, and not before.
 * SQLite is copied by its own means, everything else as an archive. In an archive, and in a folder of databases, each
 * build is as it was at one moment; builds depend on each other in nothing that could come apart.
 * @throws AlreadyExistsError when there is something at the target; IntegrityError when a copy is damaged; NoSpaceError
 */
export async function backupStore(
  store: StateStore,
  target: string,
  { now, onProgress = () => undefined }: BackupOptions,
): Promise<BackupManifest> {
  const partial = join(dirname(target), `.bldst-${randomUUID()}.partial`);
  try {
    await mkdir(partial, { mode: 0o700 });
    const { form, files } = await copyInto(store, partial, onProgress);
    const manifest: BackupManifest = {
      madeAt: now,
      store: { kind: store.kind, uri: store.uri },
      form,
      files: await Promise.all(files.map((path) => fileFacts(partial, path))),
    };
    await writeFileAtomic(join(partial, manifestName), manifestText(manifest), { mode: 0o600 });
    await moveTo(partial, target);
    return manifest;
  } catch (error) {
    throw spaceErrorOf(error, target) ?? error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function moveTo(partial: string, target: string): Promise<void> {
  try {
    // An empty folder is replaced; anything else is not.
    await rename(partial, target);
  } catch (cause) {
    if (!isErrorWithCode(cause, 'EEXIST', 'ENOTEMPTY', 'ENOTDIR')) throw cause;
    throw new AlreadyExistsError(`${target} is there already. Name a folder that is not.`, { cause });
  }
  await syncFolder(dirname(target));
}
