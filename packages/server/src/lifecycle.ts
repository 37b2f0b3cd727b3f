/** Whether a server takes work: `starting` and `draining` ones answer, but are not ready. */
export type Phase = 'starting' | 'ready' | 'draining';

/** The phase of one server; the one thing that health answers, drain and start share. */
export class Lifecycle {
  #phase: Phase = 'starting';
  readonly #draining = new AbortController();

  /** The phase now. */
  get phase(): Phase {
    return this.#phase;
  }

  /** Aborts when the server begins to drain: whoever only waits is answered at once. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /** The store is open and requests are served. */
  ready(): void {
    this.#phase = 'ready';
  }

  /** No more work is wanted; what is under way is finished. */
  drain(): void {
    this.#phase = 'draining';
    this.#draining.abort();
  }
}
