import type { KeyedRequest, RequestClaim, Timestamp } from '@buildstate/core';

/**
 * What a claim makes of what is kept under its id, for stores that decide in their own process; `undefined` when the
 * claim must not be put. See `KeyedRequests.claimRequest`.
 */
export function claimed(
  kept: KeyedRequest | undefined,
  claim: RequestClaim,
  now: Timestamp,
): KeyedRequest | undefined {
  if (kept === undefined || kept.expiresAt <= now) return { ...claim, answer: null };
  const held = kept.heldUntil !== null && kept.heldUntil > now;
  if (kept.answer !== null || kept.fingerprint !== claim.fingerprint || held) return undefined;
  return { ...claim, seed: kept.seed, answer: null };
}

/** A request with its answer; `undefined` when somebody else performs it by now. */
export function finished(
  kept: KeyedRequest | undefined,
  performer: string,
  answer: NonNullable<KeyedRequest['answer']>,
): KeyedRequest | undefined {
  return kept?.performer === performer ? { ...kept, heldUntil: null, answer } : undefined;
}

/** A request that nobody performs; `undefined` when somebody else does by now, or when it is answered. */
export function released(kept: KeyedRequest | undefined, performer: string): KeyedRequest | undefined {
  return kept?.performer === performer && kept.answer === null ? { ...kept, heldUntil: null } : undefined;
}
