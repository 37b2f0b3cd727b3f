import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { RecentEntries } from './recent-entries.ts';

/** Where a tail reads. */
export interface TailSource<Entry> {
  /** The id of the newest entry, or of the place before the first. */
  end(): Promise<string>;
  /** Entries behind an id, oldest first. */
  read(after: string): Promise<TailPart<Entry>>;
}

/** What a source gives. */
export interface TailPart<Entry> {
  /** The entries. */
  readonly items: readonly Entry[];
  /** Whether more follow already. */
  readonly more: boolean;
  /** Whether there are some that can be read only in a moment. */
  readonly held: boolean;
}

/** What a tail is made from. */
export interface TailParts<Entry> {
  /** Where it reads. */
  readonly source: TailSource<Entry>;
  /** Pauses. */
  readonly clock: Pick<Clock, 'sleep'>;
  /** Told when reading fails. */
  readonly logger: Logger;
}

/** Milliseconds between two looks at the store while it is busy, so that what is written meanwhile comes together. */
const pace = 25;

/**
 * The end of a stream: the only one who reads new entries from the store, for all who follow it. It looks when it is
 * woken, and again as long as there is more.
 */
export class Tail<Entry extends { readonly id: string }> {
  readonly #parts: TailParts<Entry>;
  readonly #waiting = new Set<() => void>();
  readonly #stopped = new AbortController();
  #recent: Promise<RecentEntries<Entry>> | undefined;
  #wanted = false;
  #running = false;
  #beats = 0;

  constructor(parts: TailParts<Entry>) {
    this.#parts = parts;
  }

  /** How often it has beaten. */
  get beats(): number {
    return this.#beats;
  }

  /** Where it reads, for who is too far behind. */
  get source(): TailSource<Entry> {
    return this.#parts.source;
  }

  /** The newest entries; from now on they are kept. @throws what the store throws */
  async recent(): Promise<RecentEntries<Entry>> {
    this.#recent ??= this.source.end().then((end) => new RecentEntries<Entry>(end));
    try {
      return await this.#recent;
    } catch (error) {
      this.#recent = undefined;
      throw error;
    }
  }

  /** Resolves when there is something new, at the next beat, or when somebody is to look whether to go on. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
    });
  }

  /** Lets all who wait look again. */
  stir(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }

  /** Lets all who wait know that it lives. */
  beat(): void {
    this.#beats += 1;
    this.stir();
  }

  /** Says that there may be something new. */
  wake(): void {
    this.#wanted = true;
    if (!this.#running) void this.#run();
  }

  /** Reads no more. */
  stop(): void {
    this.#stopped.abort();
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#parts;
    const { signal } = this.#stopped;
    this.#running = true;
    try {
      while (this.#wanted && !signal.aborted) {
        this.#wanted = false;
        if (await this.#read()) this.#wanted = true;
        if (!signal.aborted) await clock.sleep(pace, signal);
      }
    } catch (error) {
      // Whoever looks now and then wakes it again.
      if (!signal.aborted) logger.warn({ err: error }, 'new events could not be read');
    } finally {
      this.#running = false;
    }
  }

  /** Whether it has to look again soon. */
  async #read(): Promise<boolean> {
    const recent = await this.recent();
    for (;;) {
      const { items, more, held } = await this.source.read(recent.lastId);
      if (items.length > 0) {
        recent.push(items);
        this.stir();
      }
      if (!more || this.#stopped.signal.aborted) return held;
    }
  }
}
