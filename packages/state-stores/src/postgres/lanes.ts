import { setImmediate as nextTurn } from 'node:timers/promises';

/** What an item came to: gives it back, or throws what was wrong. */
export type Outcome<Result> = () => Result;

interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** How a number of lanes does work that piles up. */
export interface LaneOptions<Item, Result> {
  /** How many batches are under way at once. */
  readonly lanes: number;
  /** Most items in a batch. */
  readonly largest: number;
  /**
   * Milliseconds beyond what a batch took lately that items wait for others at most while a lane is idle, because the
   * batch under way may be held up. @default 5
   */
  readonly patience?: number;
  /** What no two items of batches under way have in common. @default nothing */
  readonly keyOf?: (item: Item) => string;
  /** Does a batch; what its items came to, in their order. Never rejects. */
  run(batch: readonly Item[]): Promise<readonly Outcome<Result>[]>;
}

/**
 * Work that piles up while a few lanes are busy, and is then done in batches: the busier it gets, the more items share
 * one statement and one commit. An idle lane starts a batch at once while nothing is under way, and else one that is as
 * large as what is: so items come in a few batches of the same size, where starting at every chance would make one large
 * batch and then many of a single item, each of which costs nearly as much as a large one.
 */
export class Lanes<Item, Result> {
  readonly #options: LaneOptions<Item, Result>;
  readonly #keysUnderWay = new Set<string>();
  #waiting: Waiting<Item, Result>[] = [];
  #idle: number;
  #itemsUnderWay = 0;
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;
  /** Milliseconds that the batch took that ended last. */
  #lately = 0;

  constructor(options: LaneOptions<Item, Result>) {
    this.#options = options;
    this.#idle = options.lanes;
  }

  /** What the item comes to, when its batch is done. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
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
    while (this.#idle > 0 && this.#waiting.length > 0) {
      if (this.#waiting.length < Math.min(this.#itemsUnderWay, this.#options.largest)) {
        const { patience = 5 } = this.#options;
        this.#timer ??= setTimeout(() => this.#startOne(), patience + this.#lately);
        return;
      }
      if (!this.#startOne()) return;
    }
  }

  /** Starts a batch, if there are items that have nothing in common with what is under way. */
  #startOne(): boolean {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#idle === 0) return false;
    const batch = this.#take();
    if (batch.length === 0) return false;
    this.#idle -= 1;
    this.#itemsUnderWay += batch.length;
    void this.#run(batch);
    return true;
  }

  async #run(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    const began = performance.now();
    const outcomes = await this.#options.run(batch.map(({ item }) => item));
    this.#lately = performance.now() - began;
    for (const { item } of batch) this.#keysUnderWay.delete(this.#key(item));
    this.#idle += 1;
    this.#itemsUnderWay -= batch.length;
    // First, so that the next batch is under way while whoever waited for this one goes on.
    this.#start();
    for (const [index, waiting] of batch.entries()) settle(waiting, outcomes[index]);
    this.#schedule();
  }

  /** The oldest items that have nothing in common with each other or with what is under way. */
  #take(): readonly Waiting<Item, Result>[] {
    const { keyOf, largest } = this.#options;
    if (keyOf === undefined) return this.#waiting.splice(0, largest);
    const batch: Waiting<Item, Result>[] = [];
    const rest: Waiting<Item, Result>[] = [];
    for (const entry of this.#waiting) {
      const key = keyOf(entry.item);
      if (batch.length >= largest || this.#keysUnderWay.has(key)) rest.push(entry);
      else {
        this.#keysUnderWay.add(key);
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

function settle<Item, Result>(
  { resolve, reject }: Waiting<Item, Result>,
  outcome: Outcome<Result> | undefined,
): void {
  try {
    if (outcome === undefined) throw new TypeError('A batch has no outcome for one of its items.');
    resolve(outcome());
  } catch (error) {
    reject(error);
  }
}
