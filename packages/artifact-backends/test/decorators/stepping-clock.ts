import type { Clock } from '@buildstate/core';

/** A clock that moves only when somebody sleeps, and then at once. */
export interface SteppingClock extends Clock {
  /** How long each sleep was, in milliseconds. */
  readonly sleeps: readonly number[];
}

export function steppingClock(): SteppingClock {
  const sleeps: number[] = [];
  let time = 0;
  return {
    sleeps,
    now: () => time,
    monotonic: () => time,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      sleeps.push(milliseconds);
      time += milliseconds;
    },
  };
}
