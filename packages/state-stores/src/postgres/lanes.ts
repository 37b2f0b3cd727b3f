import { setImmediate as nextTurn } from 'node:timers/promises';

interface Waiting<Item> {
  readonly item: Item;
  resolve(): void;
}

/** How a number of lanes does work that piles up. */
export interface LaneOptions<Item> {
  /** How many batches are under way at once. */
  readonly lanes: number;
  /** Most items in a batch. */
  readonly largest: number;
  /** What no two items of batches under way have in common. @default nothing */
  readonly keyOf?: (item: Item) => string;
  /** Does a batch; it settles its items itself and never rejects. */
  run(batch: readonly Item[]): Promise<void>;
}

/**
 * Work that piles up while a few lanes are busy, and is then done in batches: the busier it gets, the more items share
 * one statement and one commit, and nobody waits for a batch to fill.
 */
export class Lanes<Item> {
  readonly #options: LaneOptions<Item>;
  readonly #underWay = new Set<string>();
  #waiting: Waiting<Item>[] = [];
  #idle: number;
  #scheduled = false;

  constructor(options: LaneOptions<Item>) {
    this.#options = options;
    this.#idle = options.lanes;
  }

  /** Resolves when the item's batch is done. */
  add(item: Item): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ item, resolve });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#idle === 0 || this.#waiting.length === 0) return;
    this.#scheduled = true;
    // By the end of this turn, all requests that came in with it have added their items.
    void nextTurn().then(() => {
      this.#scheduled = false;
      this.#start();
    });
  }

  #start(): void {
    while (this.#idle > 0) {
      const batch = this.#take();
      if (batch.length === 0) return;
      this.#idle -= 1;
      void this.#run(batch);
    }
  }

  async #run(batch: readonly Waiting<Item>[]): Promise<void> {
    await this.#options.run(batch.map(({ item }) => item));
    for (const { item } of batch) this.#underWay.delete(this.#key(item));
    this.#idle += 1;
    for (const { resolve } of batch) resolve();
    this.#schedule();
  }

  /** The oldest items that have nothing in common with each other or with what is under way. */
  #take(): readonly Waiting<Item>[] {
    const { keyOf, largest } = this.#options;
    if (keyOf === undefined) return this.#waiting.splice(0, largest);
    const batch: Waiting<Item>[] = [];
    const rest: Waiting<Item>[] = [];
    for (const entry of this.#waiting) {
      const key = keyOf(entry.item);
      if (batch.length >= largest || this.#underWay.has(key)) rest.push(entry);
      else {
        this.#underWay.add(key);
        batch.push(entry);
      }
    }
    this.#waiting = rest;
    return batch;
  }

  #key(item: Item): string {
    return this.#options.keyOf?.(item) ?? '';
  }
}
