import { link, lstat, rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isErrorWithCode } from '@buildstate/node-runtime';
import { objectExists } from '../backend-errors.ts';
import type { FsRoot } from './fs-root.ts';

/** Deletions remove the folders that they leave empty, also between our making one and our using it. */
const attempts = 100;

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function move(root: FsRoot, from: string, key: string, ifAbsent: boolean): Promise<void> {
  const target = root.pathOf(key);
  if (!ifAbsent) return await rename(from, target);
  try {
    // Unlike a rename, a link fails when the name is taken. It is a link to our own temporary file.
    await link(from, target);
  } catch (error) {
    if (isErrorWithCode(error, 'EEXIST')) throw objectExists(root.nameOf(key), error);
    throw error;
  }
  await rm(from);
}

/**
 * Makes a finished and synced file visible under its key, and that durable.
 * @throws StorageExistsError; the system's error, `ENOENT` when the file itself is gone
 */
export async function placeFile(root: FsRoot, from: string, key: string, ifAbsent: boolean): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const changed = await root.makeFolders(key);
      await move(root, from, key, ifAbsent);
      return await root.sync([dirname(root.pathOf(key)), ...changed]);
    } catch (error) {
      const folderVanished = isErrorWithCode(error, 'ENOENT') && attempt < attempts && (await exists(from));
      if (!folderVanished) throw error;
    }
  }
}

/** Removes an object and the folders that it leaves empty. One that is not there is no error. */
export async function removeObject(root: FsRoot, key: string): Promise<void> {
  const path = root.pathOf(key);
  await root.refuseLinks(key);
  try {
    // A folder is not an object: there is none with this key.
    if ((await lstat(path)).isDirectory()) return;
    await rm(path);
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return;
    throw error;
  }
  await root.sync([dirname(path)]);
  await removeEmptyFolders(root, dirname(path));
}

async function removeEmptyFolders(root: FsRoot, from: string): Promise<void> {
  for (let folder = from; folder !== root.path; folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch (error) {
      // Not empty, in use or already gone: then those above stay as well.
      if (isErrorWithCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'EBUSY', 'EPERM', 'EACCES')) return;
      throw error;
    }
  }
}
