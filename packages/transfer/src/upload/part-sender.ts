import type { ArtifactBackend, UploadedPart, UploadHandle } from '@buildstate/core';
import { IntegrityError } from '@buildstate/core/light';
import type { SourcePart } from './source-parts.ts';

/** What parts are sent with. */
export interface SenderInput {
  readonly backend: ArtifactBackend;
  readonly upload: UploadHandle;
  /** Parts in flight at once. */
  readonly concurrency: number;
  /** Aborted by the sender itself when a part fails, so that reading and the other parts stop too. */
  readonly stop: AbortController;
  /** Told of each part that the store has accepted. */
  readonly onSent: (part: UploadedPart, source: SourcePart) => void | Promise<void>;
}

/** Sends parts, several at once. After the first failure it sends nothing more, and every call fails with it. */
export class PartSender {
  readonly #input: SenderInput;
  readonly #running = new Set<Promise<void>>();
  readonly #sent: UploadedPart[] = [];

  constructor(input: SenderInput) {
    this.#input = input;
  }

  /** Takes a part that the store has already; its bytes are not sent. */
  keep(part: UploadedPart): void {
    this.#sent.push(part);
  }

  /** Takes a part; resolves when it is under way, or rejects when an earlier one has failed. */
  async send(part: SourcePart): Promise<void> {
    while (this.#running.size >= this.#input.concurrency) await Promise.race(this.#running);
    if (this.#input.stop.signal.aborted) {
      part.release();
      throw this.#input.stop.signal.reason;
    }
    const running = this.#deliver(part).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits until no part is in flight any more, whatever became of them. */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  /**
   * Waits for all parts.
   * @returns them by ascending number
   * @throws the error of the part that failed
   */
  async finish(): Promise<readonly UploadedPart[]> {
    await this.settle();
    this.#input.stop.signal.throwIfAborted();
    return this.#sent.toSorted((a, b) => a.number - b.number);
  }

  /** Never rejects: a failure is kept as the reason of the stop signal. */
  async #deliver(part: SourcePart): Promise<void> {
    const { backend, upload, stop, onSent } = this.#input;
    const { number, offset, bytes } = part;
    try {
      const sent = await backend.uploadPart(upload, { number, offset, bytes }, { signal: stop.signal });
      if (sent.number !== number || sent.size !== bytes.length) throw wrongPart(part, sent);
      this.#sent.push(sent);
      await onSent(sent, part);
    } catch (error) {
      stop.abort(error);
    } finally {
      part.release();
    }
  }
}

function wrongPart(part: SourcePart, sent: UploadedPart): IntegrityError {
  return new IntegrityError(
    `The store accepted part ${sent.number} with ${sent.size} bytes; part ${part.number} has ${part.bytes.length}.`,
  );
}
