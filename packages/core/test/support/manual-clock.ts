import type { Clock } from '../../src/index.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is told to go on; who sleeps wakes in the order of their times. */
export class ManualClock implements Clock {
  #monotonic = 1000;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return Date.parse('2026-03-01T12:00:00.000Z') + this.#monotonic;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Milliseconds that those who sleep have left, shortest first. */
  get pending(): readonly number[] {
    return [...this.#sleepers].map(({ until }) => until - this.#monotonic).sort((a, b) => a - b);
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const sleeper = { until: this.#monotonic + milliseconds, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Lets time pass, and those who wake do what they do then. */
  async advance(milliseconds: number): Promise<void> {
    this.#monotonic += milliseconds;
    const due = [...this.#sleepers]
      .filter(({ until }) => until <= this.#monotonic)
      .sort((a, b) => a.until - b.until);
    for (const sleeper of due) {
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
    await settled();
  }
}

/** Everything that waits for nothing but promises has happened: they all come before the next turn of timers. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
