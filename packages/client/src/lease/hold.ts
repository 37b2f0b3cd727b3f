import type { Logger } from '@buildstate/core';
import { BuildStateError, LeaseLostError } from '@buildstate/core/light';
import type { CallOptions } from '../api/call.ts';
import { isAway } from '../spool/deliver.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { HeldLease, LeaseRecord } from './held-lease.ts';
import type { LeaseTimer } from './lease-timer.ts';

/** What holding a lease needs. */
export interface HoldParts {
  /** What the tracker granted. */
  readonly record: LeaseRecord;
  /** When it was asked for it, on the timer's clock. */
  readonly grantedAt: number;
  /** Whether the lease is believed in while the tracker is away; see `AcquireOptions`. */
  readonly untilFencedOut?: boolean | undefined;
  /** One renewal. */
  readonly renew: (options: CallOptions) => Promise<unknown>;
  /** Gives the lease up. */
  readonly release: () => Promise<unknown>;
  /** Told when the lease is no longer held, given up or lost. @default nobody is told */
  readonly ended?: (() => Promise<void>) | undefined;
  /**
   * Delivers reports that wait on disk under this lease; answers how many still do. Once the lease is given up
   * the tracker refuses them.
   */
  readonly deliver: () => Promise<number>;
  /** Gives the lease up later, after the reports that wait; without it, it is left to expire. */
  readonly releaseLater?: (() => Promise<void>) | undefined;
  /** Measures time. */
  readonly timer: LeaseTimer;
  /** Told about renewals that failed, and about a lease that is left to expire. */
  readonly logger: Logger;
}

class Hold implements HeldLease {
  readonly buildId: string;
  readonly token: number;
  readonly holder: string;
  readonly ttlSeconds: number;
  readonly #parts: HoldParts;
  readonly #lost = new AbortController();
  readonly #stop: () => void;
  #releasing: Promise<void> | undefined;

  constructor(parts: HoldParts) {
    const { record, logger } = parts;
    this.buildId = record.buildId;
    this.token = record.token;
    this.holder = record.holder;
    this.ttlSeconds = record.ttlSeconds;
    this.#parts = parts;
    const facts = { build_id: record.buildId, lease_token: record.token };
    this.#stop = startHeartbeat({
      renew: (signal) => parts.renew({ signal }),
      ttlMs: record.ttlSeconds * 1000,
      grantedAt: parts.grantedAt,
      untilFencedOut: parts.untilFencedOut,
      timer: parts.timer,
      onLost: (reason) => this.#lost.abort(reason),
      onFault: (error) =>
        logger.warn(
          { ...facts, reason: error instanceof Error ? error.message : String(error) },
          'A lease could not be renewed; it is tried again.',
        ),
    });
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  release(): Promise<void> {
    this.#releasing ??= this.#release().finally(() => this.#parts.ended?.());
    return this.#releasing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.release();
    } catch (error) {
      // The work is done and recorded; the lease ends by itself.
      if (!(error instanceof BuildStateError)) throw error;
      this.#leaveToExpire(error.message);
    }
  }

  async #release(): Promise<void> {
    const { release, deliver } = this.#parts;
    if (!this.signal.aborted && (await deliver()) > 0) {
      this.#stop();
      await this.#leave('Reports made under it still wait on disk; released, it would shut them out.');
      return;
    }
    this.#stop();
    if (this.signal.aborted) return;
    try {
      await release();
    } catch (error) {
      if (error instanceof LeaseLostError) return;
      if (!isAway(error) || this.#parts.releaseLater === undefined) throw error;
      await this.#leave(error.message);
    }
  }

  /** Ends the holding where the tracker cannot be told now. */
  async #leave(reason: string): Promise<void> {
    if (this.#parts.releaseLater === undefined) this.#leaveToExpire(reason);
    else await this.#parts.releaseLater();
  }

  #leaveToExpire(reason: string): void {
    const facts = { build_id: this.buildId, lease_token: this.token, reason };
    this.#parts.logger.warn(facts, `A lease was not given up; it ends after ${this.ttlSeconds} s.`);
  }
}

/** Keeps a granted lease alive until it is released or lost. */
export function holdLease(parts: HoldParts): HeldLease {
  return new Hold(parts);
}
