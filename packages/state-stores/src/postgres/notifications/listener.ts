import type { StoreHint } from '@buildstate/core';
import type pg from 'pg';
import { hintsOf } from './channel.ts';

/** What a listener is made of. */
export interface ListenerParts {
  /** Makes a client that is not connected yet. */
  newClient(): pg.Client;
  /** What to listen to. */
  readonly channel: string;
  /** Is given every hint. */
  onHint(hint: StoreHint): void;
  /** Told of each interruption. */
  onInterruption(error: unknown): void;
}

const firstPause = 100;
const longestPause = 5_000;
/** How often a connection on which nothing comes is asked whether it still lives. */
const probeEvery = 30_000;

/**
 * A connection of its own that listens, and is made anew whenever it is lost. After each interruption there is a `missed`
 * hint: nobody knows what was said meanwhile.
 */
export class Listener {
  readonly #parts: ListenerParts;
  #client: pg.Client | undefined;
  #probe: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #pause = firstPause;
  #stopped = false;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
  }

  /** Begins. @throws the driver's error when the server cannot be listened to now */
  async start(): Promise<void> {
    await this.#connect();
  }

  /** Ends for good. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    clearInterval(this.#probe);
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  async #connect(): Promise<void> {
    const client = this.#parts.newClient();
    client.on('notification', ({ payload }) => {
      for (const hint of hintsOf(payload ?? '')) this.#parts.onHint(hint);
    });
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client, new Error('The connection was closed.')));
    try {
      await client.connect();
      await client.query(`listen "${this.#parts.channel}"`);
    } catch (error) {
      // The connection may be half made; nobody waits for its end.
      void client.end();
      throw error;
    }
    if (this.#stopped) {
      await client.end();
      return;
    }
    this.#client = client;
    this.#probe = setInterval(() => {
      client.query('select 1').catch((error: unknown) => this.#lost(client, error));
    }, probeEvery);
    this.#probe.unref();
  }

  #lost(client: pg.Client, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    clearInterval(this.#probe);
    void client.end();
    this.#parts.onInterruption(error);
    this.#reconnectLater();
  }

  #reconnectLater(): void {
    if (this.#stopped) return;
    this.#retry = setTimeout(() => void this.#reconnect(), this.#pause);
    this.#pause = Math.min(longestPause, this.#pause * 2);
  }

  async #reconnect(): Promise<void> {
    try {
      await this.#connect();
      this.#pause = firstPause;
      this.#parts.onHint({ kind: 'missed' });
    } catch (error) {
      this.#parts.onInterruption(error);
      this.#reconnectLater();
    }
  }
}
