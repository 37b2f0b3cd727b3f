/** How far a transfer is. */
export interface TransferProgress {
  /** Bytes that have arrived where they belong: parts that the store has accepted, or bytes read and hashed. */
  readonly transferredBytes: number;
  /** Bytes in all, where that is known. */
  readonly totalBytes?: number;
  /** Milliseconds since the transfer began. */
  readonly elapsedMs: number;
}

/** Told about progress, at most once per part or slice. What it throws fails the transfer. */
export type ProgressListener = (progress: TransferProgress) => void;
