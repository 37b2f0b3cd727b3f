import type { StoreHint } from '../ports/store-watch.ts';
import type { WaitingQuery } from '../ports/waiting-builds.ts';
import { ClaimQueue, type Taking } from './claim-queue.ts';
import type { Engine } from './engine.ts';

/** Queues that are remembered though nobody stands in them, with how crowded it was there. */
const mostIdle = 100;

/** How long somebody waits. */
interface Waiting {
  /** Milliseconds. */
  readonly waitMs: number;
  /** Gives up at once. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * All who want a build from this process, in a queue for each kind of wish. Listens to the store while somebody waits,
 * where the store gives word.
 */
export class ClaimDesk {
  readonly #engine: Engine;
  readonly #queues = new Map<string, ClaimQueue>();
  #waiting = 0;
  /** Ends listening; `undefined` while nobody listens. */
  #listening: Promise<(() => Promise<void>) | undefined> | undefined;
  #told = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** A build for one who wants one; see `ClaimQueue.claim`. */
  async claim<T>(
    query: Omit<WaitingQuery, 'limit'>,
    take: (id: string) => Promise<Taking<T>>,
    { waitMs, signal }: Waiting,
  ): Promise<T | undefined> {
    const queue = this.#queueFor(query);
    if (waitMs <= 0) return queue.claim(take);
    const until = this.#engine.parts.clock.monotonic() + waitMs;
    this.#waiting += 1;
    this.#listen();
    try {
      return await queue.claim(take, { until, signal });
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#stopListening();
    }
  }

  #queueFor(query: Omit<WaitingQuery, 'limit'>): ClaimQueue {
    const key = JSON.stringify([query.projectId, query.platformId, query.next]);
    const known = this.#queues.get(key);
    if (known !== undefined) return known;
    const { store, clock, random = Math.random } = this.#engine.parts;
    const queue = new ClaimQueue({
      look: async (limit) => (await store.listWaiting({ ...query, limit })).map(({ id }) => id),
      clock,
      random,
      toldOfChanges: () => this.#told,
    });
    if (this.#queues.size >= mostIdle) this.#forgetIdle();
    this.#queues.set(key, queue);
    return queue;
  }

  #forgetIdle(): void {
    for (const [key, queue] of this.#queues) if (queue.idle) this.#queues.delete(key);
  }

  #listen(): void {
    const { store } = this.#engine.parts;
    if (store.watch === undefined || this.#listening !== undefined) return;
    this.#listening = store
      .watch((hint) => this.#hear(hint))
      .then(
        (stop) => {
          this.#told = true;
          return stop;
        },
        (error: unknown) => {
          // Looking now and then finds everything, only later.
          this.#engine.logger.debug({ err: error }, 'claims are not told of changes');
          this.#listening = undefined;
          return undefined;
        },
      );
  }

  #hear({ kind }: StoreHint): void {
    if (kind === 'token') return;
    for (const queue of this.#queues.values()) queue.wake();
  }

  #stopListening(): void {
    const listening = this.#listening;
    this.#listening = undefined;
    this.#told = false;
    void listening
      ?.then((stop) => stop?.())
      .catch((error: unknown) =>
        this.#engine.logger.debug({ err: error }, 'claims could not stop listening'),
      );
  }
}
