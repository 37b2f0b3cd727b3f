/** Where slices go. */
export type SliceSink = (slice: Uint8Array, position: number) => Promise<void>;

/** Larger writes cost ext4 several times the system time per byte; smaller ones cost calls. */
const writeBytes = 256 * 1024;

/**
 * Gathers chunks of any size into slices; each is observed (hashed) while it is written, and the next one is
 * filled meanwhile. Two buffers in all.
 */
export class SliceWriter {
  readonly #sink: SliceSink;
  readonly #observe: (slice: Uint8Array) => void;
  #filling = Buffer.allocUnsafeSlow(writeBytes);
  #spare = Buffer.allocUnsafeSlow(writeBytes);
  #filled = 0;
  #position = 0;
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(sink: SliceSink, observe: (slice: Uint8Array) => void) {
    this.#sink = sink;
    this.#observe = observe;
  }

  /** Takes the next bytes. @throws what the sink threw for earlier ones */
  async add(chunk: Uint8Array): Promise<void> {
    for (let taken = 0; taken < chunk.length; ) {
      const piece = chunk.subarray(taken, taken + writeBytes - this.#filled);
      this.#filling.set(piece, this.#filled);
      this.#filled += piece.length;
      taken += piece.length;
      if (this.#filled === writeBytes) await this.#flush();
    }
  }

  /** Writes what is left and waits for all writes. @throws what the sink threw */
  async end(): Promise<void> {
    if (this.#filled > 0) await this.#flush();
    await this.settle();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Waits until the sink is idle, whatever became of the writes. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  async #flush(): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure.error;
    const slice = this.#filling.subarray(0, this.#filled);
    // Kept instead of thrown: the rejection could come while nobody waits for it.
    this.#writing = this.#sink(slice, this.#position).catch((error: unknown) => {
      this.#failure = { error };
    });
    this.#observe(slice);
    this.#position += this.#filled;
    this.#filled = 0;
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
  }
}
