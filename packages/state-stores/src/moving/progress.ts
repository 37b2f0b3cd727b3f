/** How far a long piece of work is. */
export interface MovingProgress {
  /** Records done. */
  readonly records: number;
  /** Bytes done, where bytes are read from a file. */
  readonly bytes?: number | undefined;
  /** Bytes in all, where that is known. */
  readonly totalBytes?: number | undefined;
}

/** Is told how far work is, often. */
export type OnProgress = (progress: MovingProgress) => void;
