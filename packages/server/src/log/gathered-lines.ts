import type { DestinationStream } from 'pino';

/** Characters after which lines are passed on. */
const enough = 32_768;
/** Milliseconds after which they are passed on at the latest. */
const soonMs = 100;

/**
 * Gathers lines for a moment and passes them on together: writing each by itself, or only measuring what waits with
 * every line, takes longer than making it.
 */
export class GatheredLines implements DestinationStream {
  readonly #to: DestinationStream;
  #waiting = '';
  #timer: NodeJS.Timeout | undefined;

  /** @param to where the lines are written */
  constructor(to: DestinationStream) {
    this.#to = to;
  }

  /** Takes lines. */
  write(lines: string): void {
    this.#waiting += lines;
    if (this.#waiting.length >= enough) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), soonMs).unref();
  }

  /** Passes on what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#waiting;
    this.#waiting = '';
    if (lines !== '') this.#to.write(lines);
  }
}
