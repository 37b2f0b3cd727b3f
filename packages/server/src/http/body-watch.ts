import type { IncomingMessage } from 'node:http';

interface Watched {
  /** Milliseconds on the monotonic clock. */
  deadline: number;
  readonly expire: () => void;
}

const tickMs = 250;

/**
 * Deadlines of bodies that are arriving. One timer serves all of them, so that a request on the hot path pays for
 * two map operations and not for a timer; deadlines are kept to a quarter of a second.
 */
export class BodyWatch {
  readonly #watched = new Map<IncomingMessage, Watched>();
  #timer: NodeJS.Timeout | undefined;

  /** Calls `expire` unless `done` comes within `milliseconds`. Watching again replaces the deadline. */
  watch(message: IncomingMessage, milliseconds: number, expire: () => void): void {
    this.#watched.set(message, { deadline: performance.now() + milliseconds, expire });
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#tick(), tickMs);
      this.#timer.unref();
    }
  }

  /** Moves the deadline to `milliseconds` from now, where the message is watched. */
  extend(message: IncomingMessage, milliseconds: number): void {
    const watched = this.#watched.get(message);
    if (watched !== undefined) watched.deadline = performance.now() + milliseconds;
  }

  /** Ends the watch over a message. */
  done(message: IncomingMessage): void {
    this.#watched.delete(message);
  }

  /** Ends all watches. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#watched.clear();
  }

  #tick(): void {
    const now = performance.now();
    for (const [message, { deadline, expire }] of this.#watched) {
      if (deadline > now) continue;
      this.#watched.delete(message);
      expire();
    }
    if (this.#watched.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}
