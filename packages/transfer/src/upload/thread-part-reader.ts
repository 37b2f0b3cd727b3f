import type { ByteObserver } from '../format/byte-observer.ts';
import type { ByteSource } from '../source/byte-source.ts';
import { PartThread } from './part-thread.ts';
import { checkRead, type PartSupply, type SourcePart } from './source-parts.ts';

/** What is read in a thread. */
export interface ThreadPartsInput {
  /** A regular file. */
  readonly source: ByteSource & { readonly fd: number; readonly sizeBytes: number };
  readonly observer: ByteObserver;
  /** Size of every part but the last, in bytes. */
  readonly partBytes: number;
  /** Parts that are sent at once; one more is read meanwhile. */
  readonly concurrency: number;
  /** Bytes of parts in memory at once; a single part may be larger. */
  readonly memoryBudgetBytes: number;
  /** Largest source accepted, in bytes. */
  readonly limit?: number | undefined;
}

/** Like `PartReader`, for a regular file that a thread of its own reads and hashes. */
export class ThreadPartReader implements PartSupply {
  readonly #input: ThreadPartsInput;
  readonly #thread: PartThread;
  #number = 0;

  constructor(input: ThreadPartsInput) {
    const { source, partBytes, concurrency, memoryBudgetBytes } = input;
    const { fd, sizeBytes } = source;
    this.#input = input;
    const parts = Math.ceil(sizeBytes / partBytes);
    const affordable = Math.max(1, Math.floor(memoryBudgetBytes / partBytes));
    this.#thread = new PartThread({
      fd,
      sizeBytes,
      partBytes,
      slots: Math.min(concurrency + 1, affordable, parts),
    });
  }

  /** The next part. @throws IntegrityError, LimitError */
  async next(): Promise<SourcePart> {
    const { source, observer, partBytes } = this.#input;
    const part = await this.#thread.next();
    const { bytes, prefix } = part;
    const release = () => this.#thread.give(part);
    this.#number += 1;
    const offset = observer.sizeBytes;
    observer.observeHashed(bytes, prefix);
    try {
      const last = bytes.length < partBytes || observer.sizeBytes >= source.sizeBytes;
      await checkRead(this.#input, last);
      return { number: this.#number, offset, bytes, last, prefix, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Ends the thread. When it resolves, the file is not read any more. */
  async stop(): Promise<void> {
    await this.#thread.stop();
  }
}
