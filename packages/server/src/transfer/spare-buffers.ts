/** Buffers of parts that are done, kept for the next ones: fresh ones of this size come faster than memory is freed. */
export class SpareBuffers {
  readonly #mostBytes: number;
  #spare: Buffer[] = [];

  /** @param mostBytes kept at the same time */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** A buffer of at least `bytes`, and not of much more. What is in it is anybody's. */
  take(bytes: number): Buffer {
    const index = this.#spare.findIndex(({ length }) => length >= bytes && length <= 2 * bytes);
    const [found] = index === -1 ? [] : this.#spare.splice(index, 1);
    return found ?? Buffer.allocUnsafeSlow(bytes);
  }

  /** Takes a buffer back that nobody uses any more. The oldest ones give way. */
  give(buffer: Buffer): void {
    this.#spare.push(buffer);
    let bytes = this.#spare.reduce((sum, { length }) => sum + length, 0);
    while (bytes > this.#mostBytes) bytes -= this.#spare.shift()?.length ?? bytes;
  }
}
