import type { FileIdentity } from './file-identity.ts';

/** Where the bytes of an upload come from, read once from start to end. */
export interface ByteSource {
  /** The source in words, for errors. */
  readonly name: string;
  /** Size in bytes, when it is known before reading. */
  readonly sizeBytes?: number;
  /** Path of a regular file, when the source is one. */
  readonly path?: string;
  /** Number of the open file, when the source is one. */
  readonly fd?: number;
  /** What the file was when it was opened, when the source is one. */
  readonly identity?: FileIdentity;
  /**
   * Fills a buffer with the next bytes; `observe` sees them in order. Answers how many there were: fewer than
   * the buffer holds only at the end.
   */
  fill(buffer: Uint8Array, observe: (bytes: Uint8Array) => void): Promise<number>;
  /** Whether no byte is left. May read ahead. */
  atEnd(): Promise<boolean>;
  /**
   * Checks, after the last byte, that the source is what it was at the start.
   * @throws IntegrityError
   */
  check(): Promise<void>;
  /** Frees what the source holds. */
  close(): Promise<void>;
}
