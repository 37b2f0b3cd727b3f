import type { Crypto, Sha256 } from '@buildstate/core';
import { detectFormat, headBytes, tailBytes } from './detect-format.ts';
import type { FormatFacts } from './image-format.ts';

/** What is known of bytes after all of them went by. */
export interface ObservedBytes extends FormatFacts {
  /** 64 lower-case hexadecimal characters. */
  readonly sha256: string;
  /** How many there were. */
  readonly sizeBytes: number;
}

/** Sees every byte of a source once, in order: hashes it, counts it, keeps what tells the format. */
export class ByteObserver {
  readonly #sha: Sha256;
  readonly #head = new Uint8Array(headBytes);
  readonly #tail = new Uint8Array(tailBytes);
  #size = 0;
  #hashedElsewhere: string | undefined;

  constructor(crypto: Pick<Crypto, 'sha256'>) {
    this.#sha = crypto.sha256();
  }

  /** How many bytes went by. */
  get sizeBytes(): number {
    return this.#size;
  }

  /** SHA-256 of what went by so far. */
  prefix(): string {
    return this.#hashedElsewhere ?? this.#sha.soFar();
  }

  /** Takes the next bytes. */
  observe(bytes: Uint8Array): void {
    this.#sha.update(bytes);
    this.#watch(bytes);
  }

  /**
   * Takes the next bytes, which somebody else hashes. All bytes are taken in this way, or none.
   * @param prefix SHA-256 of everything up to their end
   */
  observeHashed(bytes: Uint8Array, prefix: string): void {
    this.#hashedElsewhere = prefix;
    this.#watch(bytes);
  }

  #watch(bytes: Uint8Array): void {
    if (this.#size < headBytes) this.#head.set(bytes.subarray(0, headBytes - this.#size), this.#size);
    if (bytes.length < tailBytes) this.#tail.copyWithin(0, bytes.length);
    const last = bytes.subarray(-tailBytes);
    this.#tail.set(last, tailBytes - last.length);
    this.#size += bytes.length;
  }

  /** Ends the observation. */
  result(): ObservedBytes {
    const head = this.#head.subarray(0, Math.min(this.#size, headBytes));
    const tail = this.#tail.subarray(Math.max(0, tailBytes - this.#size));
    return {
      sha256: this.#hashedElsewhere ?? this.#sha.hex(),
      sizeBytes: this.#size,
      ...detectFormat({ head, tail, sizeBytes: this.#size }),
    };
  }
}
