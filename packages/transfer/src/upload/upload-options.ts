import type { ArtifactBackend, Clock, Crypto, Logger } from '@buildstate/core';
import { silentLogger, ValidationError } from '@buildstate/core/light';
import { startSha256, systemClock } from '@buildstate/node-runtime';
import type { UploadJournal } from '../journal/upload-journal.ts';
import type { ProgressListener } from '../progress.ts';
import type { UploadSource } from '../source/open-source.ts';
import { defaultPartBytes } from './part-plan.ts';

/** What an upload needs, and how it may be tuned. */
export interface UploadOptions {
  /** Where the bytes go. */
  readonly backend: ArtifactBackend;
  /** The object's key, relative to the backend's root. */
  readonly key: string;
  /** Where the bytes come from. */
  readonly source: UploadSource;
  /** Makes the SHA-256, in this thread. @default node:crypto, in a thread of its own for large files */
  readonly crypto?: Pick<Crypto, 'sha256'>;
  /** Media type, kept where the store has a place for it. */
  readonly contentType?: string;
  /** Smallest part, in bytes; larger ones are used when the store allows too few. @default 8 MiB */
  readonly partBytes?: number;
  /** Parts sent at once. The memory budget may make it fewer. @default 4 */
  readonly concurrency?: number;
  /** Bytes of parts in memory at once; a single part may be larger. @default 64 MiB */
  readonly memoryBudgetBytes?: number;
  /**
   * Where is noted how far the upload of a file is, so that another process goes on with it after this one was
   * killed; see `withUploadJournal`. Nothing is noted of streams and of what fits into one part. An upload that was
   * interrupted by its signal or by a store that is away then stays, to be gone on with. @default none
   */
  readonly journal?: UploadJournal;
  /** With a journal: plain data of the caller's that is kept in it, asked for when the upload begins. No secrets. */
  readonly about?: () => unknown;
  /**
   * Whether nobody else uploads to this key, as with one that holds a random part: what the store has of it, and no
   * journal knows, may then be given up. @default false
   */
  readonly ownKey?: boolean;
  /** Largest source accepted, in bytes. @default no limit */
  readonly limit?: number;
  /** Ends the upload early with its reason; nothing stays visible. */
  readonly signal?: AbortSignal;
  /** Told when parts have arrived. */
  readonly onProgress?: ProgressListener;
  /** Measures durations. @default the system's */
  readonly clock?: Clock;
  /** Told about leftovers that could not be removed. @default silent */
  readonly logger?: Logger;
}

/** Options with every default filled in. */
export type ResolvedUploadOptions = UploadOptions &
  Required<
    Pick<UploadOptions, 'partBytes' | 'concurrency' | 'memoryBudgetBytes' | 'crypto' | 'clock' | 'logger'>
  > & {
    /** Whether large files are read and hashed in a thread of its own. */
    readonly hashInThread: boolean;
  };

/** What is used when an upload says nothing else. */
export const uploadDefaults = {
  partBytes: defaultPartBytes,
  concurrency: 4,
  memoryBudgetBytes: 64 * 1024 * 1024,
} as const;

function checkPositive(name: 'partBytes' | 'concurrency' | 'memoryBudgetBytes', value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  const message = 'must be a whole number of at least 1';
  throw new ValidationError(`${name} ${message}.`, { problems: [{ path: name, message }] });
}

/** Fills in defaults. @throws ValidationError for numbers out of range */
export function resolveUploadOptions(options: UploadOptions): ResolvedUploadOptions {
  const resolved = {
    ...options,
    partBytes: options.partBytes ?? uploadDefaults.partBytes,
    concurrency: options.concurrency ?? uploadDefaults.concurrency,
    memoryBudgetBytes: options.memoryBudgetBytes ?? uploadDefaults.memoryBudgetBytes,
    crypto: options.crypto ?? { sha256: startSha256 },
    hashInThread: options.crypto === undefined,
    clock: options.clock ?? systemClock,
    logger: options.logger ?? silentLogger,
  };
  checkPositive('partBytes', resolved.partBytes);
  checkPositive('concurrency', resolved.concurrency);
  checkPositive('memoryBudgetBytes', resolved.memoryBudgetBytes);
  return resolved;
}
