import type { Clock } from '@buildstate/core';
import { UnavailableError } from '@buildstate/core/light';

/** Says that a compare-and-set lost to somebody else's, and that the whole decision is to be made again. */
export const again = Symbol('again');

const tries = 60;
const longestPause = 100;

/**
 * Repeats a decision until it is not overtaken. Somebody else got ahead each time, so the place as a whole
 * makes progress; pauses grow, with chance in them, so that many who want the same document take turns.
 *
 * @param what names the document, for the error
 * @throws UnavailableError when it is overtaken again and again
 */
export async function untilDecided<T>(
  clock: Clock,
  what: string,
  decide: () => Promise<T | typeof again>,
): Promise<T> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const result = await decide();
    if (result !== again) return result;
    await clock.sleep(Math.random() * Math.min(longestPause, 2 ** attempt));
  }
  throw new UnavailableError(`${what} is being changed by too many at once. Try again in a moment.`);
}
