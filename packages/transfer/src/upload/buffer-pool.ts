/**
 * Buffers for parts, bounded in sum and used again: freshly made ones would pile up until garbage is collected. A buffer larger than the whole budget is handed out when it is the only
 * one. Meant for one taker at a time.
 */
export class BufferPool {
  readonly #budget: number;
  #outstanding = 0;
  #spares: Uint8Array[] = [];
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
    const spare = this.#spares.pop();
    if (spare?.length === bytes) return spare;
    // Sizes change seldom; spares of the old one would only hold memory.
    this.#spares = [];
    return Buffer.allocUnsafeSlow(bytes);
  }

  /** Gives a buffer back. The caller does not touch it any more. */
  give(buffer: Uint8Array): void {
    this.#outstanding -= buffer.length;
    this.#spares.push(buffer);
    this.#wake?.();
    this.#wake = undefined;
  }
}
