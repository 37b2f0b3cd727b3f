import type { Clock } from '@buildstate/core';

/** Node's timers fire at once when asked to wait longer than this. */
const longestTimer = 2 ** 31 - 1;

function sleepOnce(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The machine's own clocks and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(milliseconds, signal) {
    signal?.throwIfAborted();
    let left = Math.max(0, milliseconds);
    do {
      const step = Math.min(left, longestTimer);
      await sleepOnce(step, signal);
      left -= step;
    } while (left > 0);
  },
};
