import { lstat, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { holderGone, isErrorWithCode } from '@buildstate/node-runtime';
import { type DownloadSubject, type FoundJournal, isJournalName, isOwn, readJournal } from './journal.ts';

/** Milliseconds after which nobody comes back to a download. */
const weekMs = 7 * 24 * 3600 * 1000;

/** Reads a journal that may go away at any moment. */
async function readIfThere(path: string, target: string): Promise<FoundJournal | undefined> {
  try {
    return await readJournal(path, target);
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'EACCES')) return undefined;
    throw error;
  }
}

function isAbandoned({ holder }: FoundJournal): boolean {
  return holder === null || holderGone(holder);
}

function sameSubject(found: DownloadSubject, wanted: DownloadSubject): boolean {
  return (
    wanted.sha256 !== undefined &&
    found.sha256 === wanted.sha256 &&
    found.object === wanted.object &&
    found.version === wanted.version &&
    found.sizeBytes === wanted.sizeBytes
  );
}

async function isUsable({ partPath }: FoundJournal, { sizeBytes }: DownloadSubject): Promise<boolean> {
  try {
    const stats = await lstat(partPath);
    return stats.isFile() && isOwn(stats) && stats.size === sizeBytes;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** The file first: a journal without one is harmless, a file without one would never be found again. */
async function removeBoth({ path, partPath }: FoundJournal): Promise<void> {
  await rm(partPath, { force: true });
  await rm(path, { force: true });
}

/** Bytes that a journal says are there. */
function bytesIn({ ranges }: FoundJournal): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/**
 * Looks through what earlier downloads left in the target's folder, and answers those that can be continued, the
 * furthest first. What was left of this target and cannot be continued is removed, as is what nobody has written to for
 * a week; files of processes that still run, and of those that cannot be asked about, stay until then.
 * @param now milliseconds since the epoch
 */
export async function findLeftovers(
  target: string,
  wanted: DownloadSubject,
  now: number,
): Promise<readonly FoundJournal[]> {
  const folder = dirname(target);
  const usable: FoundJournal[] = [];
  for (const name of (await readdir(folder)).filter(isJournalName)) {
    const found = await readIfThere(join(folder, name), target);
    if (found === undefined) continue;
    const old = now - found.writtenAt > weekMs;
    const mine = found.sameTarget && isAbandoned(found);
    if (mine && sameSubject(found.subject, wanted) && (await isUsable(found, wanted))) usable.push(found);
    else if (mine || old) await removeBoth(found);
  }
  return usable.toSorted((a, b) => bytesIn(b) - bytesIn(a));
}

/** Removes downloads that are not continued after all. */
export async function removeLeftovers(leftovers: readonly FoundJournal[]): Promise<void> {
  for (const found of leftovers) await removeBoth(found);
}
