import type { DestinationStream } from 'pino';

/** Characters after which lines are passed on. */
const enough = 32_768;
/** Milliseconds after which they are passed on at the latest. */
const soonMs = 100;

/** Where lines are written, and how to wait until they are. */
export interface FlushableStream extends DestinationStream {
  /** Calls `done` when everything is written, or with what was in the way. */
  flush?(done: (error?: Error | null) => void): void;
}

/**
 * Gathers lines for a moment and passes them on together: writing each by itself, or only measuring what waits with
 * every line, takes longer than making it.
 */
export class GatheredLines implements DestinationStream {
  readonly #to: FlushableStream;
  #waiting = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param to where the lines are written */
  constructor(to: FlushableStream) {
    this.#to = to;
  }

  /** Takes lines. */
  write(lines: string): void {
    this.#waiting += lines;
    if (this.#waiting.length >= enough) this.passOn();
    else this.#timer ??= setTimeout(() => this.passOn(), soonMs).unref();
  }

  /** Passes on what waits, and calls `done` when it is written. The logger asks for it before a server ends. */
  flush(done: (error?: Error | null) => void): void {
    this.passOn();
    if (this.#to.flush === undefined) done();
    else this.#to.flush(done);
  }

  /** Passes on what waits. */
  passOn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = '';
    if (lines !== '') this.#to.write(lines);
  }
}
