/** Keeps what was used last, up to a total size. */
export class SizedCache<T> {
  readonly #entries = new Map<string, { readonly value: T; readonly size: number }>();
  readonly #limit: number;
  #total = 0;

  /** @param limit most that all entries together may be large, in whatever unit `set` is told */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // A Map lists in the order of insertion: what was used goes to the end, what was not is dropped first.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: T, size: number): void {
    this.delete(key);
    this.#entries.set(key, { value, size });
    this.#total += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#total <= this.#limit) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#total -= entry.size;
  }
}
