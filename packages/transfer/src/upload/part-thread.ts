import { Worker } from 'node:worker_threads';

/**
 * What runs in the thread. As text, so that it needs no file of its own: this module may be in a bundle.
 *
 * It is told which slots are free, one by one, and fills each with the next part, read in steps that stay in the
 * processor's cache until they are hashed. A copy of the running hash tells the digest up to the end of each part.
 */
const program = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { readSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { fd, sizeBytes, partBytes, slots, shared } = workerData;
const stopped = new Int32Array(shared);
const buffers = slots.map((slot) => Buffer.from(slot));
const hash = createHash('sha256');
const stepBytes = 256 * 1024;
let position = 0;
function fill(buffer, wanted) {
  let filled = 0;
  while (filled < wanted && Atomics.load(stopped, 0) === 0) {
    const count = readSync(fd, buffer, filled, Math.min(stepBytes, wanted - filled), position + filled);
    if (count === 0) break;
    hash.update(buffer.subarray(filled, filled + count));
    filled += count;
  }
  return filled;
}
parentPort.on('message', (slot) => {
  if (slot < 0) return parentPort.close();
  const wanted = Math.min(partBytes, sizeBytes - position);
  const count = fill(buffers[slot], wanted);
  if (Atomics.load(stopped, 0) !== 0) return;
  position += count;
  parentPort.postMessage({ slot, count, prefix: hash.copy().digest('hex') });
});
`;

/** A part that the thread has read. */
export interface ReadPart {
  /** Its bytes; a view of shared memory that stays as it is until the part is given back. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the file from its start to the end of this part. */
  readonly prefix: string;
  /** Which slot it is in. */
  readonly slot: number;
}

/** What a thread reads. */
export interface PartThreadOptions {
  /** Open for reading. */
  readonly fd: number;
  /** Size of the file, in bytes. */
  readonly sizeBytes: number;
  /** Size of every part but the last, in bytes. */
  readonly partBytes: number;
  /** Parts in memory at once. */
  readonly slots: number;
}

interface Message {
  readonly slot: number;
  readonly count: number;
  readonly prefix: string;
}

/** What is known of a read that ended: the part, or why there will be no more. */
type Arrival = { readonly part: Message } | { readonly failure: unknown };

/**
 * Reads a file and hashes it in a thread of its own, part by part, ahead of whoever sends the parts: reading, hashing and
 * sending then take two processors, and no byte is copied between the threads. With node:crypto.
 */
export class PartThread {
  readonly #worker: Worker;
  readonly #slots: readonly Uint8Array[];
  readonly #stopped = new Int32Array(new SharedArrayBuffer(4));
  readonly #exited: Promise<void>;
  readonly #arrived: Arrival[] = [];
  #wake: (() => void) | undefined;

  constructor({ fd, sizeBytes, partBytes, slots: count }: PartThreadOptions) {
    const bytes = Math.min(partBytes, sizeBytes);
    const slots = Array.from({ length: count }, () => new SharedArrayBuffer(bytes));
    this.#slots = slots.map((slot) => Buffer.from(slot));
    this.#worker = new Worker(program, {
      eval: true,
      workerData: { fd, sizeBytes, partBytes, slots, shared: this.#stopped.buffer },
      // Nothing of the process's own options and variables is of use there.
      execArgv: [],
      env: {},
      name: 'bldst-parts',
    });
    this.#worker.on('message', (part: Message) => this.#arrive({ part }));
    this.#worker.once('error', (failure) => this.#arrive({ failure }));
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#arrive({ failure: new Error('The thread that reads the file has ended.') });
        resolve();
      });
    });
    for (const slot of slots.keys()) this.#worker.postMessage(slot);
  }

  /** The next part. Shorter than it should be when the file is. @throws what reading threw */
  async next(): Promise<ReadPart> {
    while (this.#arrived.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const arrival = this.#arrived[0];
    // A failure stays, for whoever asks again.
    if (arrival === undefined || 'failure' in arrival) throw arrival?.failure;
    this.#arrived.shift();
    const { slot, count, prefix } = arrival.part;
    return { slot, prefix, bytes: (this.#slots[slot] as Uint8Array).subarray(0, count) };
  }

  /** Gives a part's memory back. The caller does not touch it any more. */
  give({ slot }: Pick<ReadPart, 'slot'>): void {
    this.#worker.postMessage(slot);
  }

  /** Ends the thread. When it resolves, the file is not read any more. */
  async stop(): Promise<void> {
    // Not terminated: in the middle of a read it must not be, since the file is closed next.
    Atomics.store(this.#stopped, 0, 1);
    this.#worker.postMessage(-1);
    await this.#exited;
  }

  #arrive(arrival: Arrival): void {
    this.#arrived.push(arrival);
    this.#wake?.();
    this.#wake = undefined;
  }
}
