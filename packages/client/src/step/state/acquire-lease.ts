import { defaultLeaseSeconds, StateInProgressError } from '@buildstate/core/light';
import type { HeldLease } from '../../lease/held-lease.ts';
import { endLeftOver } from '../command/left-over.ts';
import type { Surroundings } from '../surroundings.ts';

/** How a build's lease is asked for. */
export interface LeaseOptions {
  /** Seconds to wait for somebody else to be done. @default 0 */
  readonly waitSeconds?: number | undefined;
  /** Life without renewal, in seconds. @default 60 */
  readonly ttlSeconds?: number | undefined;
}

/** Between two looks at a lease that somebody else holds. */
const longestPause = 2000;

/** Milliseconds until the lease in the way can have ended. */
function pauseFor(error: StateInProgressError, now: number): number {
  const { expires_at: end } = (error.context.lease ?? {}) as { expires_at?: unknown };
  const left = typeof end === 'string' ? Date.parse(end) - now : longestPause;
  return Math.min(longestPause, Math.max(250, left));
}

/**
 * Acquires a build's lease. Of a holder on this machine whose process is gone it is taken over at once; for
 * others it waits as long as it is told to.
 *
 * @throws StateInProgressError when somebody else holds it; BuildClosedError; UnreachableError
 */
export async function acquireLease(
  around: Surroundings,
  build: string,
  options: LeaseOptions,
): Promise<HeldLease> {
  const lease = await acquire(around, build, options);
  try {
    await endCommandsBefore(around, lease);
    return lease;
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/** Ends what a worker of this machine that was killed has left running for the build. */
export async function endCommandsBefore(
  { clock, interrupts, notes, notesFolder }: Surroundings,
  { buildId }: Pick<HeldLease, 'buildId'>,
): Promise<void> {
  const told = () => notes.info('Waiting for the command of a worker that was killed to end.');
  await endLeftOver(notesFolder, buildId, { clock, signal: interrupts.aborted, told });
}

async function acquire(
  { client, clock, interrupts, notes, strict }: Surroundings,
  build: string,
  { waitSeconds = 0, ttlSeconds }: LeaseOptions,
): Promise<HeldLease> {
  const deadline = clock.monotonic() + waitSeconds * 1000;
  let told = false;
  for (;;) {
    try {
      return await client.leases.acquire(build, {
        signal: interrupts.aborted,
        untilFencedOut: !strict,
        ...(ttlSeconds !== undefined && { ttlSeconds }),
      });
    } catch (error) {
      if (!(error instanceof StateInProgressError) || clock.monotonic() >= deadline) throw error;
      if (!told) notes.info(`${error.message} Waiting up to ${waitSeconds} s.`);
      told = true;
      const left = deadline - clock.monotonic();
      await clock.sleep(Math.min(left, pauseFor(error, clock.now())), interrupts.aborted);
    }
  }
}

/** A lease that somebody else keeps alive and gives up. */
export function borrowedLease(buildId: string, token: number): HeldLease {
  const nothing = async () => {};
  return {
    buildId,
    token,
    holder: '',
    ttlSeconds: defaultLeaseSeconds,
    signal: new AbortController().signal,
    release: nothing,
    [Symbol.asyncDispose]: nothing,
  };
}
