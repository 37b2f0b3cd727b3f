import type { Clock } from '../ports/clock.ts';
import type { Duty } from '../ports/duties.ts';
import type { Logger } from '../ports/logger.ts';
import type { StateStore } from '../ports/state-store.ts';

/** What keeping a duty needs. */
interface KeepParts {
  readonly store: Pick<StateStore, 'renewDuty'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Waits, unless a signal says that it is enough; answers whether the whole time has passed. */
async function waited(clock: Clock, milliseconds: number, enough: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(milliseconds, enough);
    return true;
  } catch (error) {
    if (enough.aborted) return false;
    throw error;
  }
}

/**
 * Renews a duty at a third of its time-to-live until `enough` says so. Faults on the way are borne until the
 * time-to-live has passed since the last renewal was sent: from then on somebody else may have it.
 * @returns whether it is still ours, as far as can be known
 */
export async function keepDuty(
  { store, clock, logger }: KeepParts,
  { name, token, ttlSeconds }: Duty,
  enough: AbortSignal,
): Promise<boolean> {
  const ttl = ttlSeconds * 1000;
  let confirmedAt = clock.monotonic();
  while (await waited(clock, ttl / 3, enough)) {
    const sentAt = clock.monotonic();
    const left = Math.max(0, confirmedAt + ttl - sentAt);
    // A store that does not answer must not keep us believing.
    const late = new AbortController();
    const renewed = await Promise.race([
      store.renewDuty(name, token).catch((err: unknown) => {
        logger.warn({ err, duty: name }, 'a duty could not be renewed');
        return undefined;
      }),
      waited(clock, left, late.signal).then(() => undefined),
    ]);
    late.abort();
    if (renewed === false) return false;
    if (renewed === true) confirmedAt = sentAt;
    if (clock.monotonic() - confirmedAt >= ttl) return false;
  }
  return true;
}
