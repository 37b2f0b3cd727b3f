import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrorWithCode } from '@buildstate/node-runtime';
import type { FsRoot } from './fs-root.ts';

const hour = 3_600_000;
/** Completed uploads are remembered this long, so that a repeated completion is recognised. */
const rememberMs = 24 * hour;
/** Uploads without a new part for this long were left behind by a crash. */
const abandonMs = 7 * 24 * hour;

/** When something in the staging folder was last changed, or `undefined` when it is gone. */
async function changedAt(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).mtimeMs;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function isLeftover(path: string, name: string, now: number): Promise<boolean> {
  const changed = await changedAt(path);
  if (changed === undefined) return false;
  const temporary = name.startsWith('put-') || name.startsWith('probe-') || name.endsWith('.dead');
  const completed = (await changedAt(join(path, 'completed.json'))) !== undefined;
  return now - changed > (temporary || completed ? rememberMs : abandonMs);
}

/**
 * Removes what crashes left in the staging folder long ago, and what is remembered of completed uploads.
 * @param fresh path of something just made there: its time is the file system's own "now", which a network
 *   share's clock may not have in common with ours
 */
export async function sweepStaging(root: FsRoot, fresh: string): Promise<void> {
  const now = await changedAt(fresh);
  if (now === undefined) return;
  for (const name of await readdir(root.staging)) {
    const path = join(root.staging, name);
    if (await isLeftover(path, name, now)) await rm(path, { recursive: true, force: true });
  }
}
