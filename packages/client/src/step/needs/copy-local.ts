import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type ExpectedContent, type FileDigests, fileMoment } from './file-digest.ts';
import { relativePathField } from './need-target.ts';
import type { ResolvedNeed } from './resolve-needs.ts';

/** Where copies are looked for. */
export interface LocalCopies {
  /** The project's folder. */
  readonly folder: string;
  /** What is known of files. */
  readonly digests: FileDigests;
  /** Ends the work early. */
  readonly signal: AbortSignal;
}

/** Files of this machine that may hold an artifact: what this process made or fetched, and the producer's own. */
function candidates({ folder, digests }: LocalCopies, { artifact }: ResolvedNeed, expected: ExpectedContent) {
  const recorded = artifact.metadata[relativePathField];
  const own = typeof recorded === 'string' ? [resolve(folder, recorded)] : [];
  return new Set([...digests.holding(expected), ...own]);
}

/**
 * Copies without reading where the file system can clone files. The copy is good because its source was proven and
 * is the same file, untouched, before and after.
 * @returns whether it is
 */
async function copy(source: string, target: string): Promise<boolean> {
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    const before = await fileMoment(source);
    await copyFile(source, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    const after = await fileMoment(source);
    if (before === undefined || before.key !== after?.key) return false;
    await rename(temporary, target);
    return true;
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Puts a copy of an artifact at a place from a file of this machine that holds the same bytes, if there is one:
 * what the state before has just made need not be fetched from far away.
 * @returns the file that was copied
 */
export async function copyLocally(
  need: ResolvedNeed,
  target: string,
  expected: ExpectedContent,
  copies: LocalCopies,
): Promise<string | undefined> {
  const { digests, signal } = copies;
  for (const source of candidates(copies, need, expected)) {
    if (source === target || (await digests.matches(source, expected, signal)) !== true) continue;
    if (!(await copy(source, target))) continue;
    const moment = await fileMoment(target);
    if (moment !== undefined) digests.note(target, expected, moment);
    return source;
  }
  return undefined;
}
