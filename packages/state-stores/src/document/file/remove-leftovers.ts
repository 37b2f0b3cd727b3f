import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrorWithCode } from '@buildstate/node-runtime';

/** Where documents are while they are made. */
export const makingFolder = '.temp';
/** Where documents are while they are removed. */
export const removedFolder = '.trash';

/**
 * Removes documents that were being made, or removed, when their process died.
 * @param graceSeconds what is made and is younger belongs to somebody at work; what is removed belongs to nobody
 * @returns how many there were
 */
export async function removeLeftovers(root: string, graceSeconds: number): Promise<number> {
  const made = await removeOlder(join(root, makingFolder), graceSeconds * 1000);
  return made + (await removeOlder(join(root, removedFolder), 0));
}

async function removeOlder(folder: string, milliseconds: number): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if ((await age(path)) < milliseconds) continue;
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

/** Milliseconds since something changed; 0 when it is gone meanwhile. */
async function age(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return 0;
    throw error;
  }
}
