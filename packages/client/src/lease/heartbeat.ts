import type { BuildStateError } from '@buildstate/core';
import { BuildClosedError, LeaseLostError, NotFoundError } from '@buildstate/core/light';
import type { LeaseTimer } from './lease-timer.ts';

/** What keeping a lease alive needs. */
export interface HeartbeatParts {
  /** Renews once. */
  readonly renew: (signal: AbortSignal) => Promise<unknown>;
  /** Life without renewal, in milliseconds. */
  readonly ttlMs: number;
  /** When the request was sent that the tracker last granted the lease to, on the timer's clock. */
  readonly grantedAt: number;
  /** Measures time. */
  readonly timer: LeaseTimer;
  /**
   * Goes on while the tracker is away, however long: reports that arrive late count unless somebody has taken over.
   * @default false: the lease counts as lost when it was not renewed for its time-to-live
   */
  readonly untilFencedOut?: boolean | undefined;
  /** Told once, when the lease is lost. The heartbeat has stopped then. */
  readonly onLost: (reason: LeaseLostError) => void;
  /** Told about a renewal that failed and will be tried again. */
  readonly onFault: (error: unknown) => void;
}

/** Pause after a renewal that failed, as a part of the time-to-live. */
const faultPause = 1 / 12;

function isFinal(error: unknown): error is BuildStateError {
  return (
    error instanceof LeaseLostError || error instanceof NotFoundError || error instanceof BuildClosedError
  );
}

function lost(message: string, cause: unknown): LeaseLostError {
  return cause instanceof LeaseLostError ? cause : new LeaseLostError(message, { cause });
}

/**
 * Renews a lease at a third of its time-to-live. Faults on the way are borne until the time-to-live has passed
 * since the last renewal was sent: from then on somebody else may hold the build, whatever this process believes.
 * @returns stops the heartbeat; a renewal on its way is given up
 */
export function startHeartbeat(parts: HeartbeatParts): () => void {
  const { timer, ttlMs } = parts;
  const over = new AbortController();
  let confirmedAt = parts.grantedAt;
  let cancelRenewal = () => {};
  let cancelExpiry = () => {};

  const stop = () => {
    cancelRenewal();
    cancelExpiry();
    over.abort();
  };
  const lose = (message: string, cause?: unknown) => {
    if (over.signal.aborted) return;
    stop();
    parts.onLost(lost(message, cause));
  };
  const watch = () => {
    cancelExpiry();
    if (parts.untilFencedOut === true) return;
    const left = confirmedAt + ttlMs - timer.monotonic();
    cancelExpiry = timer.after(Math.max(0, left), () => {
      lose(`The lease could not be renewed for ${ttlMs / 1000} s; somebody else may hold the build now.`);
    });
  };
  const beat = async () => {
    const sentAt = timer.monotonic();
    try {
      await parts.renew(over.signal);
      if (over.signal.aborted) return;
      confirmedAt = sentAt;
      watch();
      plan(ttlMs / 3);
    } catch (error) {
      if (over.signal.aborted) return;
      if (isFinal(error)) return lose(`The lease is gone: ${error.message}`, error);
      parts.onFault(error);
      plan(ttlMs * faultPause);
    }
  };
  const plan = (milliseconds: number) => {
    cancelRenewal = timer.after(milliseconds, () => void beat());
  };

  watch();
  plan(Math.max(0, confirmedAt + ttlMs / 3 - timer.monotonic()));
  return stop;
}
