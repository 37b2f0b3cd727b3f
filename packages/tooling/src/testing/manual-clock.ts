/** A clock that stands still until a test moves it. */
export interface ManualClock {
  /** Its time in milliseconds since the epoch. */
  now(): number;
  /** The same time: this clock does not jump by itself. */
  monotonic(): number;
  /** Resolves once the clock was moved so far. @throws the signal's reason when `signal` aborts first */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Moves the time on, waking sleepers in their order, and lets what follows from it happen. */
  advance(milliseconds: number): Promise<void>;
  /** How many sleep now. */
  sleepers(): number;
}

/** Lets promises that are due settle. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A clock for tests, with the shape of the core's `Clock`. */
export function manualClock(): ManualClock {
  let time = 1_000_000;
  const sleeping = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => time,
    monotonic: () => time,
    sleepers: () => sleeping.size,
    sleep(milliseconds, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = {
          at: time + milliseconds,
          wake() {
            sleeping.delete(sleeper);
            resolve();
          },
        };
        sleeping.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleeping.delete(sleeper);
          reject(signal.reason);
        });
      });
    },
    async advance(milliseconds) {
      await settle();
      const end = time + milliseconds;
      for (;;) {
        const next = [...sleeping].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        time = Math.max(time, next.at);
        next.wake();
        await settle();
      }
      time = end;
      await settle();
    },
  };
}
