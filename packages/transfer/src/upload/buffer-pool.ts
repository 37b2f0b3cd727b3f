/**
 * Buffers for parts, bounded in sum. A buffer larger than the whole budget is handed out when it is the only
 * one. Meant for one taker at a time.
 */
export class BufferPool {
  readonly #budget: number;
  #outstanding = 0;
  #spare: Uint8Array | undefined;
  #wake: (() => void) | undefined;

  /** @param budgetBytes bytes handed out at once */
  constructor(budgetBytes: number) {
    this.#budget = budgetBytes;
  }

  /** A buffer of exactly this size, with any content, once there is room for it. */
  async take(bytes: number): Promise<Uint8Array> {
    while (this.#outstanding > 0 && this.#outstanding + bytes > this.#budget) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#outstanding += bytes;
    const spare = this.#spare;
    this.#spare = undefined;
    return spare?.length === bytes ? spare : Buffer.allocUnsafeSlow(bytes);
  }

  /** Gives a buffer back. The caller does not touch it any more. */
  give(buffer: Uint8Array): void {
    this.#outstanding -= buffer.length;
    this.#spare = buffer;
    this.#wake?.();
    this.#wake = undefined;
  }
}
