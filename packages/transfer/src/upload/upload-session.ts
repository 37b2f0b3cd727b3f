import type { ArtifactBackend, ObjectInfo, UploadedPart, UploadHandle } from '@buildstate/core';
import { BuildStateError, IntegrityError, StorageError } from '@buildstate/core/light';
import { callWithDeadline } from '../deadline/call-with-deadline.ts';
import type { JournalState, NotedPart } from '../journal/journal-state.ts';
import { uploadsOf } from '../journal/sweep-journals.ts';
import type { UploadJournal } from '../journal/upload-journal.ts';
import type { FileIdentity } from '../source/file-identity.ts';
import { isAbout, type Reached, whatWasReached } from './resume-upload.ts';
import type { ResolvedUploadOptions } from './upload-options.ts';

/** Freeing parts must not keep a failed upload from saying so. */
const abortLimitMs = 30_000;

/** @throws IntegrityError unless the parts are 1, 2, 3, … and their sizes add up */
export function checkParts(parts: readonly UploadedPart[], sizeBytes: number): void {
  const gap = parts.findIndex((part, index) => part.number !== index + 1);
  if (gap !== -1) throw new IntegrityError(`Part ${gap + 1} was not stored; the upload is not completed.`);
  const sum = parts.reduce((bytes, part) => bytes + part.size, 0);
  if (sum === sizeBytes) return;
  throw new IntegrityError(
    `The stored parts have ${sum} bytes instead of ${sizeBytes}; the upload is not completed.`,
  );
}

/** @throws IntegrityError unless the store shows the size that was sent */
export function checkStored(backend: ArtifactBackend, info: ObjectInfo, sizeBytes: number): ObjectInfo {
  if (info.size === sizeBytes) return info;
  throw new IntegrityError(
    `${backend.uri} shows ${info.key} with ${info.size} bytes; ${sizeBytes} were sent. Delete it and upload again.`,
  );
}

/** Gives uploads up. Answers whether the store has freed all of them. */
async function giveUp(
  { backend, clock, logger }: ResolvedUploadOptions,
  key: string,
  find: (signal: AbortSignal) => Promise<readonly UploadHandle[]>,
): Promise<boolean> {
  const what = `Removing the parts of ${key}`;
  try {
    await callWithDeadline({ limitMs: abortLimitMs, clock, what }, async (signal) => {
      for (const upload of await find(signal)) await backend.abortUpload(upload, { signal });
    });
    return true;
  } catch (error) {
    // The failure that led here is the one to report; a sweeper removes what is left.
    logger.warn({ err: error, key }, 'Parts of a failed upload remain.');
    return false;
  }
}

/** One upload in parts under way. */
export interface UploadSession {
  /** The store's handle. */
  readonly upload: UploadHandle;
  /** Parts that an earlier process sent, by their number. */
  readonly parts: ReadonlyMap<number, NotedPart>;
  /** Notes how far it is, when the upload can be resumed. */
  readonly journal: UploadJournal | undefined;
}

/** How an upload begins. */
export interface SessionInput {
  readonly options: ResolvedUploadOptions;
  readonly signal: AbortSignal;
  /** What the file is, when the source is one: only then another process can go on. */
  readonly identity?: FileIdentity | undefined;
  /** Size of every part but the last, in bytes. */
  readonly partBytes: number;
}

/** The journal of an upload that another process could go on with. */
function journalOf({
  options,
  identity,
}: Pick<SessionInput, 'options' | 'identity'>): UploadJournal | undefined {
  const useful = identity !== undefined && options.backend.capabilities.resumableUploads;
  return useful ? options.journal : undefined;
}

/** Gives up what a journal is about, because nobody can go on with it. */
async function discard({ options, signal }: SessionInput, state: JournalState): Promise<void> {
  const { backend, ownKey = false } = options;
  // Another store's uploads are not this one's to give up; its own journal is found by the sweep.
  if (state.intent.backend !== backend.uri) return;
  await giveUp(options, state.intent.key, () => uploadsOf(backend, state, ownKey, signal));
}

/** What an earlier process has reached. What cannot be gone on with is given up. */
export async function reachedBefore(
  input: Pick<SessionInput, 'options' | 'signal' | 'identity'>,
): Promise<Reached> {
  const { options, signal, identity } = input;
  const state = journalOf(input)?.state;
  if (state === undefined || identity === undefined) return { kind: 'nothing' };
  const reached: Reached = isAbout(state, options, identity)
    ? await whatWasReached(options, state, signal)
    : { kind: 'nothing' };
  if (reached.kind === 'nothing') await discard({ ...input, partBytes: 0 }, state);
  return reached;
}

async function begin(input: SessionInput): Promise<UploadSession> {
  const { options, signal, identity, partBytes } = input;
  const { backend, key, contentType, clock, about } = options;
  const journal = journalOf(input);
  if (journal === undefined || identity === undefined) {
    return {
      upload: await backend.createUpload(key, { contentType, signal }),
      parts: new Map(),
      journal: undefined,
    };
  }
  const source = {
    inode: String(identity.inode),
    sizeBytes: identity.sizeBytes,
    modifiedNs: String(identity.modifiedNs),
  };
  const intent = { key, backend: backend.uri, source, partBytes, startedAt: clock.now() };
  await journal.begin({ ...intent, about: about?.() });
  const upload = await backend.createUpload(key, { contentType, signal });
  // A store that chooses keys itself may have chosen another one, and told the caller more about it.
  await journal.begin({ ...intent, key: upload.key, about: about?.() }, upload);
  return { upload, parts: new Map(), journal };
}

/** Whether an upload is worth keeping for another process: neither it nor its source is at fault. */
function isInterruption(error: unknown, signal: AbortSignal | undefined): boolean {
  if (error instanceof StorageError) return error.persistence === 'transient';
  return signal?.aborted === true && !(error instanceof BuildStateError);
}

/**
 * Opens an upload for `work`, or goes on with what an earlier process has reached; `work` must complete it. When `work`
 * fails, the upload is given up, so that no parts are left in the store; one that has a journal stays when it was only
 * interrupted.
 */
export async function withUpload(
  input: SessionInput,
  reached: Extract<Reached, { readonly kind: 'open' | 'nothing' }>,
  outer: AbortSignal | undefined,
  work: (session: UploadSession) => Promise<ObjectInfo>,
): Promise<ObjectInfo> {
  const { options } = input;
  const journal = journalOf(input);
  if (reached.kind === 'open') await journal?.keepParts(reached.parts);
  const session =
    reached.kind === 'open' ? { upload: reached.upload, parts: reached.parts, journal } : await begin(input);
  try {
    return await work(session);
  } catch (error) {
    if (session.journal === undefined || !isInterruption(error, outer)) {
      const freed = await giveUp(options, session.upload.key, async () => [session.upload]);
      if (freed) await session.journal?.forget();
    }
    throw error;
  }
}
