import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactBackend, Clock, Logger, UploadHandle } from '@buildstate/core';
import { isErrorWithCode, withHolderLock } from '@buildstate/node-runtime';
import { journalSuffix, lockOf } from './journal-folder.ts';
import type { JournalState } from './journal-state.ts';
import { UploadJournal } from './upload-journal.ts';

const day = 24 * 3_600_000;

/** What a sweep takes. */
export interface SweepOptions {
  /** Folder of journals. */
  readonly folder: string;
  /**
   * Opens the store of an upload that was left behind, by the state of its journal. Answers `undefined` when this
   * user cannot reach it any more.
   */
  readonly open: (state: JournalState) => Promise<ArtifactBackend | undefined>;
  /** Milliseconds without a new part after which an upload counts as left behind. @default 7 days */
  readonly abandonedAfterMs?: number;
  /** Whether nobody else uploads to the keys of these journals; see `UploadOptions.ownKey`. @default false */
  readonly ownKeys?: boolean;
  /** Tells the time. */
  readonly clock: Clock;
  /** Told about uploads that could not be given up. */
  readonly logger: Logger;
  /** Ends the sweep early. */
  readonly signal?: AbortSignal;
}

/** An upload that could not be given up for so long is the store's own clean-up's business. */
const hopelessAfterMs = 90 * day;

/** When a file was last written, or `undefined` when it is gone. */
async function writtenAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/**
 * The uploads that a journal leads to. Without a handle they are those of its key, if no other upload can have it:
 * the store was asked to begin one, and nobody lived to note which.
 */
export async function uploadsOf(
  backend: ArtifactBackend,
  { intent, upload }: JournalState,
  ownKey: boolean,
  signal?: AbortSignal,
): Promise<readonly UploadHandle[]> {
  if (upload !== undefined) return [upload];
  return ownKey ? ((await backend.listUploads?.(intent.key, { signal })) ?? []) : [];
}

async function giveUp(options: SweepOptions, state: JournalState): Promise<void> {
  const { open, ownKeys = false, signal } = options;
  const backend = await open(state);
  if (backend === undefined) return;
  for (const upload of await uploadsOf(backend, state, ownKeys, signal)) {
    await backend.abortUpload(upload, { signal });
  }
}

async function sweepOne(options: SweepOptions, path: string): Promise<boolean> {
  const { clock, logger } = options;
  const journal = await UploadJournal.open(path);
  const { state } = journal;
  try {
    if (state !== undefined) await giveUp(options, state);
  } catch (error) {
    options.signal?.throwIfAborted();
    const facts = { err: error, key: state?.intent.key, backend: state?.intent.backend };
    logger.warn(facts, 'The parts of an upload that was left behind could not be removed.');
    if (clock.now() - (state?.intent.startedAt ?? 0) < hopelessAfterMs) {
      // Not with every upload from now on, but after another such while.
      const now = new Date(clock.now());
      await utimes(path, now, now);
      return false;
    }
  }
  await journal.forget();
  return true;
}

/**
 * Gives up uploads that nobody went on with, and removes their journals. Those of living processes are left alone.
 * A store that cannot be reached now is asked again later.
 * @returns how many journals were removed
 */
export async function sweepUploadJournals(options: SweepOptions): Promise<number> {
  const { folder, abandonedAfterMs = 7 * day, clock, signal } = options;
  let swept = 0;
  const isOld = async (path: string) => {
    const written = await writtenAt(path);
    return written !== undefined && clock.now() - written >= abandonedAfterMs;
  };
  const names = await namesIn(folder);
  for (const name of names.filter((each) => each.endsWith(journalSuffix))) {
    signal?.throwIfAborted();
    const path = join(folder, name);
    if (!(await isOld(path))) continue;
    const locked = await withHolderLock(lockOf(path), { waitMs: 0, clock }, async () =>
      (await isOld(path)) ? await sweepOne(options, path) : false,
    );
    if (locked?.result === true) swept += 1;
  }
  // Files that were being written when their process was killed. A lock that is held is touched all the time.
  for (const name of names.filter((each) => each.endsWith('.tmp') || each.endsWith('.lock'))) {
    if (await isOld(join(folder, name))) await rm(join(folder, name), { force: true });
  }
  return swept;
}
