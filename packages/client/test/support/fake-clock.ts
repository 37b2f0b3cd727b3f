import type { Clock } from '@buildstate/core';

/** A clock whose sleeps take no time: it moves on by itself and writes down how long was slept. */
export class FakeClock implements Clock {
  /** What was slept, in milliseconds, in order. Pauses that were cut short count as well. */
  readonly sleeps: number[] = [];
  #now = Date.parse('2026-03-01T12:00:00.000Z');
  #monotonic = 1000;

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleeps.push(milliseconds);
    this.advance(milliseconds);
  }

  /** Lets time pass. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
    this.#monotonic += milliseconds;
  }
}
