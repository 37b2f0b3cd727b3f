import type { Timestamp } from '../build/timestamp.ts';

/** How a duty ended the last time. */
export type DutyOutcome = 'done' | 'failed';

/** Work in the background that one process at a time does for a whole store, as the store keeps it. */
export interface Duty {
  /** Names it; unique in the store. */
  readonly name: string;
  /** Who does it, or did it last, for people. */
  readonly holder: string;
  /** Fencing token: grows by one each time that somebody takes it. */
  readonly token: number;
  /** Seconds for which it is held without a renewal. */
  readonly ttlSeconds: number;
  /** Since when `holder` does it, or did. */
  readonly takenAt: Timestamp;
  /** Until when nobody else can take it; `null` when nobody does it. In the past when its holder is gone. */
  readonly heldUntil: Timestamp | null;
  /** When it is to be done again; `null` while it never came to an end. */
  readonly dueAt: Timestamp | null;
  /** When it came to an end the last time; `null` while it never did. */
  readonly endedAt: Timestamp | null;
  /** How it ended then. */
  readonly outcome: DutyOutcome | null;
  /** How often it has failed since it was last done. */
  readonly failures: number;
  /** What came of it, or why it failed: one sentence, for people. */
  readonly detail: string | null;
}

/** How somebody wants to take a duty. */
export interface DutyClaim {
  /** Names the duty. */
  readonly name: string;
  /** Names who takes it: a process, never twice the same. */
  readonly holder: string;
  /** Seconds for which it is held without a renewal. */
  readonly ttlSeconds: number;
  /** Whether it is taken although it is not due. @default false */
  readonly early?: boolean | undefined;
}

/** How a duty came to its end. */
export interface DutyEnd {
  /** Whether it was done. */
  readonly outcome: DutyOutcome;
  /** See `Duty.detail`. */
  readonly detail: string | null;
  /** See `Duty.failures`. */
  readonly failures: number;
  /** Seconds until it is due again, by the store's time. */
  readonly dueInSeconds: number;
}

/**
 * Lets one process at a time do what a store needs done in the background. All times are the store's own, so that
 * processes whose clocks differ agree. Every method is one atomic step, also between processes, and durable.
 *
 * A holder that stops renewing loses the duty to whoever asks next; should it go on all the same, its token is stale.
 * The store does not guard what is written under a duty: duties must be safe to be done twice.
 */
export interface Duties {
  /**
   * Takes a duty, unless somebody else holds it or it is not due. Answers it as it is then, with how it ended the
   * last time; `undefined` when it was not taken.
   */
  takeDuty(claim: DutyClaim): Promise<Duty | undefined>;
  /** Holds a duty for another `ttlSeconds` from now. False when the token is stale or the duty was given back. */
  renewDuty(name: string, token: number): Promise<boolean>;
  /** Notes how a duty ended, and gives it back. False, with nothing noted, when the token is stale. */
  endDuty(name: string, token: number, end: DutyEnd): Promise<boolean>;
  /** Gives a duty back as it was before: it stays due. Nothing happens when the token is stale. */
  releaseDuty(name: string, token: number): Promise<void>;
  /** All duties that were ever taken, by name. */
  listDuties(): Promise<readonly Duty[]>;
}
