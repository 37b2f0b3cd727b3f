import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds between two looks. */
const betweenLooks = 1000;

/**
 * Looks again until nothing is found any more.
 *
 * @param patience milliseconds in all; 0 looks once
 * @returns what is still there
 */
export async function waitUntilFree<T>(
  look: () => Promise<readonly T[]>,
  patience: number,
  { say }: { readonly say: (text: string) => Promise<void> },
): Promise<readonly T[]> {
  const end = performance.now() + patience;
  let found = await look();
  if (found.length > 0 && patience > 0)
    await say(`Waiting for ${found.length} of the builds that are running.`);
  while (found.length > 0 && performance.now() < end) {
    await pause(Math.min(betweenLooks, Math.max(1, end - performance.now())));
    found = await look();
  }
  return found;
}
