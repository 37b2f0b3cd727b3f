import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './sqlite-errors.ts';

const longestPause = 15;

/**
 * Runs `work`, and again while another process holds the lock. SQLite's own waiting would stop the whole process, so
 * that it is short, and most of the waiting happens here.
 * @param work synchronous; must leave no transaction open when it throws
 * @param patience milliseconds until the lock's error is thrown
 */
export async function untilFree<T>(work: () => T, patience: number): Promise<T> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
    }
    // Processes that wait at the same pace would take turns in losing.
    await sleep(1 + Math.random() * longestPause);
  }
}
