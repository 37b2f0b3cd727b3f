import type { ActorNames } from '../actor/actor-names.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { StoreHint } from '../ports/store-watch.ts';
import { type FollowedBatch, followTail } from './follow-tail.ts';
import { buildSource, type FollowedEvent, streamSource, withNames } from './sources.ts';
import { Tail } from './tail.ts';

/** What feeds are built on. */
export interface FeedParts {
  /** Where events are read. */
  readonly store: StateStore;
  /** Pauses. */
  readonly clock: Clock;
  /** Told when something cannot be read. */
  readonly logger: Logger;
  /** Knows whose ids events have. */
  readonly actors: Pick<ActorNames, 'shown'>;
}

/** What is followed. */
export interface FollowQuery {
  /** The events of one build, whose ids are their `seq`. @default those of all builds, whose ids are positions */
  readonly buildId?: string | undefined;
  /** The id behind which it begins. @default the newest */
  readonly after?: string | undefined;
  /** Which events are wanted. @default all */
  readonly wants?: ((event: FollowedEvent) => boolean) | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two signs of life. */
const beatEvery = 15_000;

/** Milliseconds between two looks at a store that tells of nothing, and at one that does, where word may get lost. */
function pollEvery({ push, sql, durable }: StateStore['capabilities']): number {
  if (push === true) return 5_000;
  return sql || !durable ? 250 : 500;
}

interface Followed {
  readonly tail: Tail<FollowedEvent>;
  followers: number;
}

/** Key of the tail of all builds. */
const allBuilds = '';

/**
 * Everybody in this process who follows events of a store. Each stream has one reader, however many follow it; it is
 * woken by what this process writes, by word from the store, and now and then. Nothing runs while nobody follows.
 */
export class Feeds {
  readonly #parts: FeedParts;
  readonly #followed = new Map<string, Followed>();
  #ending: AbortController | undefined;

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** Follows one stream until the signal ends it. @throws what the store throws at the beginning */
  async *follow({
    buildId = allBuilds,
    ...options
  }: FollowQuery): AsyncGenerator<FollowedBatch<FollowedEvent>, void> {
    const followed = this.#join(buildId);
    try {
      yield* followTail(followed.tail, options);
    } finally {
      this.#leave(buildId, followed);
    }
  }

  /** Says that this process changed a build. */
  changed(buildId: string): void {
    if (this.#followed.size === 0) return;
    this.#followed.get(buildId)?.tail.wake();
    this.#followed.get(allBuilds)?.tail.wake();
  }

  #join(key: string): Followed {
    const { store, clock, logger, actors } = this.#parts;
    const source = withNames(key === allBuilds ? streamSource(store) : buildSource(store, key), actors);
    const followed = this.#followed.get(key) ?? {
      tail: new Tail({ source, clock, logger }),
      followers: 0,
    };
    followed.followers += 1;
    this.#followed.set(key, followed);
    if (this.#ending === undefined) this.#begin();
    return followed;
  }

  #leave(key: string, followed: Followed): void {
    followed.followers -= 1;
    if (followed.followers > 0) return;
    followed.tail.stop();
    this.#followed.delete(key);
    if (this.#followed.size > 0) return;
    this.#ending?.abort();
    this.#ending = undefined;
  }

  #begin(): void {
    const ending = new AbortController();
    this.#ending = ending;
    const { store } = this.#parts;
    void this.#repeat(pollEvery(store.capabilities), ending.signal, (tail) => tail.wake());
    void this.#repeat(beatEvery, ending.signal, (tail) => tail.beat());
    void this.#listen(ending.signal);
  }

  async #repeat(every: number, signal: AbortSignal, act: (tail: Tail<FollowedEvent>) => void): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#parts.clock.sleep(every, signal);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      for (const { tail } of this.#followed.values()) act(tail);
    }
  }

  /** Hears what the store tells. One that cannot be listened to now is looked at now and then all the same. */
  async #listen(signal: AbortSignal): Promise<void> {
    const { store, logger } = this.#parts;
    try {
      const stop = await store.watch?.((hint) => this.#heard(hint));
      const end = () => void stop?.().catch((err: unknown) => logger.debug({ err }, 'listening did not end'));
      if (signal.aborted) end();
      else signal.addEventListener('abort', end);
    } catch (error) {
      logger.warn({ err: error }, 'the store gives no word of new events; it is asked now and then');
    }
  }

  #heard(hint: StoreHint): void {
    if (hint.kind === 'build') this.changed(hint.buildId);
    else if (hint.kind === 'missed') for (const { tail } of this.#followed.values()) tail.wake();
  }
}
