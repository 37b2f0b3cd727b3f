import type { StoreHint } from '@buildstate/core';
import { Listener, type ListenerParts } from './listener.ts';

type OnHint = (hint: StoreHint) => void;

/** Those who watch a store; one connection serves all of them, and is there while there are any. */
export class Watchers {
  readonly #parts: Omit<ListenerParts, 'onHint'>;
  readonly #watchers = new Set<{ readonly onHint: OnHint }>();
  #listener: Promise<Listener> | undefined;

  constructor(parts: Omit<ListenerParts, 'onHint'>) {
    this.#parts = parts;
  }

  /** @throws the driver's error when the server cannot be listened to now */
  async add(onHint: OnHint): Promise<() => Promise<void>> {
    const watcher = { onHint };
    this.#watchers.add(watcher);
    this.#listener ??= this.#listen();
    try {
      await this.#listener;
    } catch (error) {
      this.#watchers.delete(watcher);
      this.#listener = undefined;
      throw error;
    }
    return async () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) await this.close();
    };
  }

  /** Stops listening. */
  async close(): Promise<void> {
    const listening = this.#listener;
    this.#listener = undefined;
    const listener = await listening?.catch(() => undefined);
    await listener?.stop();
  }

  async #listen(): Promise<Listener> {
    const listener = new Listener({
      ...this.#parts,
      onHint: (hint) => {
        for (const { onHint } of this.#watchers) onHint(hint);
      },
    });
    await listener.start();
    return listener;
  }
}
