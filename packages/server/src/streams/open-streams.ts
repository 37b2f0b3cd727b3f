import { type Actor, UnavailableError } from '@buildstate/core';
import type { Limits } from '../app/limits.ts';
import type { Authenticator } from '../auth/authenticator.ts';

/** What open streams are watched with. */
export interface OpenStreamsParts {
  /** Says whether their keys are still good. */
  readonly authenticator: Pick<Authenticator, 'checkAnew'>;
  /** How many there may be. */
  readonly limits: Pick<Limits, 'streams' | 'streamsPerKey'>;
}

interface OpenStream {
  readonly actor: Actor;
  /** The key or token that it was opened with. */
  readonly key: string;
  readonly ending: AbortController;
}

/** Milliseconds between two looks at the keys of open streams: those of a revoked one are closed within a second. */
const checkEvery = 400;

function sameRights(one: Actor, other: Actor): boolean {
  return one.projectId === other.projectId && one.scopes.join() === other.scopes.join();
}

/** The streams of events that clients have open: not too many, none with a key that is no good any more. */
export class OpenStreams {
  readonly #parts: OpenStreamsParts;
  readonly #open = new Set<OpenStream>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: OpenStreamsParts) {
    this.#parts = parts;
  }

  /** How many there are. */
  get count(): number {
    return this.#open.size;
  }

  /**
   * Takes one in.
   * @param ending aborted when it has to end
   * @returns says that it has ended
   * @throws UnavailableError when there are too many, or the server closes
   */
  add(actor: Actor, key: string, ending: AbortController): () => void {
    this.#checkRoom(key);
    const stream = { actor, key, ending };
    this.#open.add(stream);
    this.#timer ??= setInterval(() => void this.#checkKeys(), checkEvery);
    return () => {
      this.#open.delete(stream);
      if (this.#open.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Ends all of them, and lets no more in: their clients go on elsewhere. */
  close(): void {
    this.#closed = true;
    for (const { ending } of this.#open) ending.abort();
  }

  #checkRoom(key: string): void {
    const { streams, streamsPerKey } = this.#parts.limits;
    if (this.#closed) throw new UnavailableError('This server is closing. Connect again for another one.');
    if (this.#open.size >= streams) {
      throw new UnavailableError(
        `${streams} streams are open on this server, and no more may be. Try later.`,
      );
    }
    let own = 0;
    for (const stream of this.#open) if (stream.key === key) own += 1;
    if (own < streamsPerKey) return;
    throw new UnavailableError(
      `${own} streams are open with this key, and no more may be. Close some, or use another key.`,
    );
  }

  /** A key that cannot be checked now is left alone: nothing can have been written about it either. */
  async #checkKeys(): Promise<void> {
    const actors = new Map<string, Actor | undefined>();
    for (const { key, actor } of this.#open) {
      if (!actors.has(key)) actors.set(key, await this.#actorOf(key, actor));
    }
    for (const { key, actor, ending } of this.#open) {
      const now = actors.get(key);
      if (actors.has(key) && (now === undefined || !sameRights(now, actor))) ending.abort();
    }
  }

  async #actorOf(key: string, before: Actor): Promise<Actor | undefined> {
    try {
      const found = await this.#parts.authenticator.checkAnew(key);
      return typeof found === 'string' ? undefined : found;
    } catch (error) {
      if (error instanceof UnavailableError) return before;
      throw error;
    }
  }
}
