import type { Clock } from '../ports/clock.ts';

/** What a queue needs. */
export interface ClaimQueueParts {
  /** Ids of builds that wait, oldest first, at most so many. */
  readonly look: (limit: number) => Promise<readonly string[]>;
  /** Measures and pauses. */
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  /** Numbers from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Whether word comes when something changes (`wake`), so that looking now and then is only for what time brings. */
  readonly toldOfChanges: () => boolean;
}

/** What taking a build came to. */
export type Taking<T> = { readonly taken: T } | 'taken_already' | 'unfit';

/** How long somebody waits. */
export interface Patience {
  /** When to give up, on the monotonic clock. */
  readonly until: number;
  /** Gives up at once. */
  readonly signal?: AbortSignal | undefined;
}

/** Somebody who wants a build. */
interface Wish {
  /** What was not to be had since the last time that nothing was left. */
  readonly refused: Set<string>;
  /** Whether it stays when there is nothing. */
  readonly patient: boolean;
  /** Whether the last look was also for this one. */
  asked: boolean;
  readonly give: (id: string | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** Milliseconds between two looks when nothing is heard: what is due and what expires comes with time alone. */
const pauseMs = { told: 1000, untold: 250 } as const;
/** Shortest pause between two looks for those who wait, in milliseconds, however much is heard. */
const shortestPauseMs = 25;
/** Candidates beyond those that are needed, for those who lose one. */
const spare = 8;
const widest = 64;

/**
 * Those who want a build of one kind, in the order in which they came. One look at the store serves all of them: each
 * is given another candidate, the oldest first, and whoever comes while a look is under way is served by the next one.
 *
 * Another process may be after the same builds. While it takes none away, everybody gets the oldest; when one is lost,
 * candidates are chosen at random among the oldest few, twice as many with each loss, and half as many with each look
 * that loses none. So two crowds of workers spread out by themselves, and a single worker keeps the order.
 */
export class ClaimQueue {
  readonly #parts: ClaimQueueParts;
  readonly #wishes = new Set<Wish>();
  /** Given to somebody who is taking it. */
  readonly #taking = new Set<string>();
  /** What the last look found beyond what was asked for. */
  #rest: readonly string[] = [];
  #looking = false;
  #spread = 0;
  #lost = false;
  #pause: { readonly end: AbortController; readonly short: boolean } | undefined;

  constructor(parts: ClaimQueueParts) {
    this.#parts = parts;
  }

  /** Whether nobody wants anything and nothing is being taken. */
  get idle(): boolean {
    return this.#wishes.size === 0 && this.#taking.size === 0;
  }

  /** Something was written: who waits wants another look. */
  wake(): void {
    if (this.#pause === undefined || this.#pause.short) return;
    this.#pause.end.abort();
    this.#rest = [];
    this.#pauseFor(shortestPauseMs, true);
  }

  /**
   * A build for one who wants one.
   * @param take tries to take a build; it decides, the queue only proposes
   * @param patience nothing: what there is now or nothing
   * @throws what looking or taking throws
   */
  async claim<T>(take: (id: string) => Promise<Taking<T>>, patience?: Patience): Promise<T | undefined> {
    const refused = new Set<string>();
    for (;;) {
      // Whoever left while a build was tried for them is not heard leaving any more.
      if (patience?.signal?.aborted) return undefined;
      const id = await this.#next(refused, patience);
      if (id === undefined || patience?.signal?.aborted) return this.#leave(id);
      const taking = await take(id).finally(() => this.#taking.delete(id));
      if (typeof taking === 'object') return taking.taken;
      refused.add(id);
      if (taking === 'taken_already') this.#loses();
    }
  }

  #leave(id: string | undefined): undefined {
    if (id !== undefined) this.#taking.delete(id);
  }

  #loses(): void {
    this.#lost = true;
    this.#spread = Math.min(widest, Math.max(2, this.#spread * 2));
  }

  async #next(refused: Set<string>, patience: Patience | undefined): Promise<string | undefined> {
    const left = this.#rest.find((id) => refused.size > 0 && !refused.has(id) && !this.#taking.has(id));
    if (left !== undefined) {
      this.#rest = this.#rest.filter((id) => id !== left);
      this.#taking.add(left);
      return left;
    }
    return this.#wait(refused, patience);
  }

  async #wait(refused: Set<string>, patience: Patience | undefined): Promise<string | undefined> {
    const { clock } = this.#parts;
    const over = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
    const patient = patience !== undefined && patience.until > clock.monotonic();
    const wish: Wish = { refused, patient, asked: false, give: resolve, fail: reject };
    const giveUp = () => resolve(undefined);
    patience?.signal?.addEventListener('abort', giveUp, { once: true });
    if (patient) {
      const left = patience.until - clock.monotonic();
      clock.sleep(left, over.signal).then(giveUp, () => {
        // It was served before its time was over.
      });
    }
    this.#wishes.add(wish);
    try {
      void this.#lookForAll();
      return await promise;
    } finally {
      this.#wishes.delete(wish);
      over.abort();
      patience?.signal?.removeEventListener('abort', giveUp);
      if (this.#wishes.size === 0) this.#pause?.end.abort();
    }
  }

  /** Looks until everybody was asked for, then waits for a reason to look again if there is somebody left. */
  async #lookForAll(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    this.#pause?.end.abort();
    this.#pause = undefined;
    try {
      while ([...this.#wishes].some(({ asked }) => !asked)) await this.#lookOnce();
    } finally {
      this.#looking = false;
    }
    if (this.#wishes.size > 0) {
      const { random, toldOfChanges } = this.#parts;
      const pause = toldOfChanges() ? pauseMs.told : pauseMs.untold;
      // Apart from one another, where many processes look.
      this.#pauseFor(pause * (0.75 + random() / 2), false);
    }
  }

  #pauseFor(milliseconds: number, short: boolean): void {
    const end = new AbortController();
    this.#pause = { end, short };
    this.#parts.clock.sleep(milliseconds, end.signal).then(
      () => {
        this.#pause = undefined;
        for (const wish of this.#wishes) wish.asked = false;
        void this.#lookForAll();
      },
      () => {
        // Nobody is left, or somebody looks sooner.
      },
    );
  }

  async #lookOnce(): Promise<void> {
    const asking = [...this.#wishes];
    for (const wish of asking) wish.asked = true;
    this.#spread = this.#lost ? this.#spread : Math.floor(this.#spread / 2);
    this.#lost = false;
    const refused = Math.max(...asking.map((wish) => wish.refused.size));
    const limit = asking.length + this.#spread + this.#taking.size + 2 * refused + spare;
    try {
      const found = await this.#parts.look(limit);
      this.#rest = this.#spreadOut(
        found.filter((id) => !this.#taking.has(id)),
        asking.length,
      );
    } catch (error) {
      for (const wish of asking) wish.fail(error);
      return;
    }
    for (const wish of asking) if (this.#wishes.has(wish)) this.#serve(wish);
  }

  #serve(wish: Wish): void {
    const id = this.#rest.find((candidate) => !wish.refused.has(candidate));
    if (id !== undefined) {
      this.#rest = this.#rest.filter((candidate) => candidate !== id);
      this.#taking.add(id);
      this.#wishes.delete(wish);
      wish.give(id);
    } else if (wish.patient) {
      // What was refused now may be had later.
      wish.refused.clear();
    } else wish.give(undefined);
  }

  /** The oldest few in any order, when others are after them as well. */
  #spreadOut(ids: readonly string[], needed: number): readonly string[] {
    if (this.#spread === 0) return ids;
    const few = ids.slice(0, needed + this.#spread);
    for (let last = few.length - 1; last > 0; last--) {
      const other = Math.floor(this.#parts.random() * (last + 1));
      [few[last], few[other]] = [few[other] as string, few[last] as string];
    }
    return [...few, ...ids.slice(few.length)];
  }
}
