import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListedObject } from '@buildstate/core';
import { isErrorWithCode } from '@buildstate/node-runtime';
import { byteOrder } from '../byte-order.ts';
import { stagingName } from '../staging-key.ts';
import { isStorageKey } from '../storage-key.ts';
import { infoOf } from './fs-object.ts';
import type { FsRoot } from './fs-root.ts';

/** Folders sort as if their name ended in a slash: that is where their keys belong in the order of all keys. */
function sortKey(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.toSorted((a, b) => byteOrder(sortKey(a), sortKey(b)));
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

async function describe(root: FsRoot, key: string): Promise<ListedObject | undefined> {
  try {
    const stats = await lstat(root.pathOf(key), { bigint: true });
    return stats.isFile() ? infoOf(key, stats) : undefined;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function* walk(root: FsRoot, folderKey: string, prefix: string): AsyncGenerator<ListedObject> {
  for (const entry of await entriesOf(join(root.path, folderKey))) {
    const key = `${folderKey}${entry.name}`;
    if (entry.isDirectory()) {
      const below = `${key}/`;
      const hidden = folderKey === '' && entry.name.toLowerCase() === stagingName;
      if (!hidden && (below.startsWith(prefix) || prefix.startsWith(below))) yield* walk(root, below, prefix);
    } else if (entry.isFile() && key.startsWith(prefix) && isStorageKey(key)) {
      const listed = await describe(root, key);
      if (listed !== undefined) yield listed;
    }
  }
}

/** Objects whose key starts with a prefix, in the order of their keys' bytes. Links are not followed. */
export function listObjects(root: FsRoot, prefix: string): AsyncGenerator<ListedObject> {
  return walk(root, '', prefix);
}
