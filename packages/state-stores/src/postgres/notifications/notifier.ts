import type { StoreHint } from '@buildstate/core';
import type { Connections } from '../connections.ts';
import { payloadsOf } from './channel.ts';

/** Milliseconds in which hints gather before they are sent. */
const gatherMilliseconds = 20;

/** Nothing of it has to be on disk, and commits that do should not wait for it. */
const say = `select set_config('synchronous_commit', 'off', true), pg_notify($1, payload)
  from unnest($2::text[]) as payload`;

const keyOf = (hint: StoreHint): string =>
  hint.kind === 'build' ? `b${hint.buildId}` : hint.kind === 'token' ? `t${hint.tokenId}` : '';

/**
 * Tells listeners what was committed: afterwards and apart, because PostgreSQL lets transactions that notify commit only
 * one after the other.
 */
export class Notifier {
  readonly #connections: Connections;
  readonly #channel: string;
  readonly #failed: (error: unknown) => void;
  #hints = new Map<string, StoreHint>();
  #sending: Promise<void> | undefined;

  /**
   * @param failed told when hints could not be sent. They are lost then: whoever polls sees what they were about
   */
  constructor(connections: Connections, channel: string, failed: (error: unknown) => void) {
    this.#connections = connections;
    this.#channel = channel;
    this.#failed = failed;
  }

  /** Notes a hint to be sent soon. Of one build only the newest is kept. */
  tell(hint: StoreHint): void {
    this.#hints.set(keyOf(hint), hint);
    this.#sending ??= this.#send();
  }

  /** Resolves when nothing is left to send. */
  async drain(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#hints.size > 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, gatherMilliseconds);
      });
      const hints = [...this.#hints.values()];
      this.#hints = new Map();
      try {
        await this.#connections.use((connection) =>
          connection.run({
            sql: say,
            parameters: [this.#channel, payloadsOf(hints)],
          }),
        );
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#sending = undefined;
  }
}
