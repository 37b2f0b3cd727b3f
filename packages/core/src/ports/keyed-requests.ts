import type { JsonObject } from '../build/build.ts';
import type { Timestamp } from '../build/timestamp.ts';

/** A request with a key of its caller's (`Idempotency-Key`), as a store keeps it. */
export interface KeyedRequest {
  /** Stands for caller and key: a SHA-256 in hexadecimal. */
  readonly id: string;
  /** Stands for what was asked: a SHA-256 in hexadecimal. */
  readonly fingerprint: string;
  /** Names the one who performs it; every try has another name. */
  readonly performer: string;
  /** Until when nobody else performs it; `null` when nobody is at it. */
  readonly heldUntil: Timestamp | null;
  /** From then on the key may be used for something else. */
  readonly expiresAt: Timestamp;
  /** What every try must work with, made by the first one; `null` where there is no such thing. */
  readonly seed: JsonObject | null;
  /** The first answer; `null` while there is none, and for requests whose answer is kept with their effect. */
  readonly answer: JsonObject | null;
}

/** A claim to perform a request. */
export type RequestClaim = Omit<KeyedRequest, 'answer'>;

/**
 * Remembers requests by their caller's key. Times are the caller's: nothing hangs on them but how soon somebody
 * takes over from a performer that died, and a request that is performed twice has one effect.
 *
 * Every method is one atomic step, also between processes, and durable when it resolves.
 */
export interface KeyedRequests {
  /**
   * Puts a claim, if there is none with its id, or in the place of one
   * - that has expired at `now`, or
   * - with the same fingerprint and no answer, which nobody holds at `now`; its seed stays.
   *
   * Answers what is kept then: the claim when it was put, else what was in its way.
   */
  claimRequest(claim: RequestClaim, now: Timestamp): Promise<KeyedRequest>;
  /** Keeps the answer, if `performer` still is the one who performs it. False when not. */
  finishRequest(id: string, performer: string, answer: JsonObject): Promise<boolean>;
  /** Lets others perform it, if `performer` still is the one who does and there is no answer; else does nothing. */
  releaseRequest(id: string, performer: string): Promise<void>;
  /**
   * Removes requests that have expired at `now`.
   * @param limit most requests that are looked at
   * @returns how many were removed
   */
  sweepRequests(now: Timestamp, limit: number): Promise<number>;
}
