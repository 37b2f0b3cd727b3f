import type { BuildSnapshot } from '../build/snapshot.ts';
import type { Clock } from '../ports/clock.ts';
import type { LoadedBuild } from '../ports/state-store.ts';

/** Heads kept at the same time; one is at most some 50 KB. */
const mostHeads = 1000;
/** Milliseconds that a head, or what is known of the store's clock, is believed. */
const longest = 10_000;

interface RecentHead {
  readonly snapshot: BuildSnapshot;
  /** Milliseconds on the monotonic clock at which it was written. */
  readonly at: number;
  /** The store's time of the change that made it, in milliseconds since the epoch. */
  readonly changedAt: number;
}

/**
 * The heads that this process wrote last, so that the next change of a build can be decided without reading it again.
 * Another process may have changed the build since: a decision on such a head is good for one thing only, to be
 * committed, and the commit refuses it when build or project have moved on. Whatever else it comes to (an error, a
 * repetition, no change) has to be decided anew on what the store has.
 *
 * A build with a live lease is not kept, because heartbeats move the lease without changing the build's version.
 */
export class RecentHeads {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** The one that was written last is at the end. */
  readonly #heads = new Map<string, RecentHead>();
  /** What the store's clock showed, and when on ours. */
  #shown: { readonly now: number; readonly at: number } | undefined;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Takes in what the store's clock shows, in milliseconds since the epoch. */
  storeShows(now: number): void {
    this.#shown = { now, at: this.#clock.monotonic() };
  }

  /**
   * Keeps a build as it was just written.
   * @param changedAt the store's time that the change was decided with
   */
  wrote(snapshot: BuildSnapshot, changedAt: number): void {
    const { build, lease } = snapshot;
    const known = this.#heads.get(build.id);
    if (known !== undefined && known.snapshot.build.version > build.version) return;
    this.#heads.delete(build.id);
    if (lease !== null && lease.releasedAt === null) return;
    this.#heads.set(build.id, { snapshot, at: this.#clock.monotonic(), changedAt });
    if (this.#heads.size > mostHeads) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const [oldest] = this.#heads.keys();
    if (oldest !== undefined) this.#heads.delete(oldest);
  }

  /** Forgets a build that turned out to be different. */
  forget(id: string): void {
    this.#heads.delete(id);
  }

  /**
   * A build as it was written last, with the store's time. That is never later than what the store's clock shows,
   * because it was shown before it arrived, and never earlier than the build's last change.
   */
  recall(id: string): LoadedBuild | undefined {
    const found = this.#heads.get(id);
    const monotonic = this.#clock.monotonic();
    const shown = this.#shown;
    if (found === undefined || shown === undefined) return undefined;
    if (monotonic - found.at > longest || monotonic - shown.at > longest) return undefined;
    const { snapshot, changedAt } = found;
    const now = Math.max(Math.floor(shown.now + monotonic - shown.at), changedAt);
    return { snapshot, now, attempts: [], artifacts: [], variables: [], resumeRequests: [], jobs: [] };
  }
}
