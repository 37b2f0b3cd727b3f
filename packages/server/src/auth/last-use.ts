import type { ApiToken, Logger, StateStore } from '@buildstate/core';
import { timestamp } from '@buildstate/core';

const everyMs = 60_000;
const mostRemembered = 10_000;

/** Writes down when keys were last used: at most once a minute each, beside the request and never in its way. */
export class LastUse {
  readonly #store: Pick<StateStore, 'touchToken'>;
  readonly #logger: Logger;
  /** Milliseconds since the epoch of the last note, by key. */
  readonly #noted = new Map<string, number>();
  readonly #pending = new Set<Promise<void>>();

  constructor(store: Pick<StateStore, 'touchToken'>, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Notes a use at `now`, in milliseconds since the epoch. Failing to is logged and harms nothing. */
  note(token: ApiToken, now: number): void {
    const last = this.#noted.get(token.id) ?? (token.lastUsedAt === null ? 0 : Date.parse(token.lastUsedAt));
    if (now - last < everyMs) return;
    if (this.#noted.size >= mostRemembered) this.#noted.clear();
    this.#noted.set(token.id, now);
    const writing = this.#store
      .touchToken(token.id, timestamp(now))
      .catch((error: unknown) => {
        this.#logger.warn({ err: error, key_id: token.id }, 'the use of a key could not be noted');
      })
      .finally(() => this.#pending.delete(writing));
    this.#pending.add(writing);
  }

  /** Resolves when everything noted is written. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending);
  }
}
