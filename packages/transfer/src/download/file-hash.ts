import type { Crypto } from '@buildstate/core';

/** The digests of a file. */
export interface FileDigests {
  /** 64 lower-case hexadecimal characters. */
  readonly sha256: string;
  /** 32 lower-case hexadecimal characters, where it was asked for. */
  readonly md5?: string;
}

/**
 * Hashes a file in order while it is written out of order: it follows the run of bytes without a gap, and reads them
 * back while they are still in the page cache.
 */
export interface FileHash {
  /** Says that every byte before this position is in the file. Positions only grow. */
  advance(frontier: number): void;
  /** The digests, once all of the file is there and hashed. @throws what reading threw */
  result(): Promise<FileDigests>;
  /** Gives up. When it resolves, the file is not read any more. Harmless after `result`. */
  stop(): Promise<void>;
}

/** What hashing a file takes. */
export interface FileHashOptions {
  /** Open for reading. */
  readonly fd: number;
  /** What it will hold, in bytes. */
  readonly sizeBytes: number;
  /** Whether an MD5 is wanted too. */
  readonly md5: boolean;
  /** Makes the SHA-256 in this thread. @default node:crypto */
  readonly crypto?: Pick<Crypto, 'sha256'>;
}
