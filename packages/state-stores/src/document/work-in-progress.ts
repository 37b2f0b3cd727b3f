/** Knows which writes are under way, so that closing can wait for them. */
export class WorkInProgress {
  readonly #running = new Set<Promise<unknown>>();

  /** Counts the work until it ends. */
  track<T>(work: Promise<T>): Promise<T> {
    const settled: Promise<unknown> = work.then(
      () => this.#running.delete(settled),
      () => this.#running.delete(settled),
    );
    this.#running.add(settled);
    return work;
  }

  /** Resolves when everything that was counted has ended, well or not. */
  async finished(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
