/** Texts that may have a name at the same time; the server keeps a plan for each, on each connection. */
const capacity = 300;

/**
 * Names for statements that are prepared: a text has the same one on every connection. Past a number of texts new ones
 * get none and are planned each time.
 */
export class StatementNames {
  #names = new Map<string, string>();
  #generation = 0;

  /** The name of a text; `undefined` when it is to be run without one. */
  of(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= capacity) return known;
    const name = `bs_${this.#generation}_${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  /** Gives every text a new name, so that all of them are planned anew. */
  renew(): void {
    this.#names = new Map();
    this.#generation += 1;
  }
}
