import type { Duty, DutyClaim, DutyEnd } from '@buildstate/core';

const at = (milliseconds: number) => new Date(milliseconds).toISOString();

/** A duty as it is when a claim takes it, for stores that decide in their own process; `undefined` when it must not. */
export function taken(kept: Duty | undefined, claim: DutyClaim, now: number): Duty | undefined {
  const { name, holder, ttlSeconds, early = false } = claim;
  const held = { holder, ttlSeconds, takenAt: at(now), heldUntil: at(now + ttlSeconds * 1000) };
  if (kept === undefined)
    return { name, ...held, token: 1, dueAt: null, endedAt: null, outcome: null, failures: 0, detail: null };
  const isFree = kept.heldUntil === null || kept.heldUntil <= at(now);
  const isDue = early || kept.dueAt === null || kept.dueAt <= at(now);
  return isFree && isDue ? { ...kept, ...held, token: kept.token + 1 } : undefined;
}

/** A duty that somebody holds with this token; `undefined` for one that was given back or taken over. */
function holding(kept: Duty | undefined, token: number): Duty | undefined {
  return kept?.token === token && kept.heldUntil !== null ? kept : undefined;
}

/** A duty that is held for longer. */
export function renewedDuty(kept: Duty | undefined, token: number, now: number): Duty | undefined {
  const held = holding(kept, token);
  return held && { ...held, heldUntil: at(now + held.ttlSeconds * 1000) };
}

/** A duty that came to an end. */
export function ended(kept: Duty | undefined, token: number, end: DutyEnd, now: number): Duty | undefined {
  const held = holding(kept, token);
  const { dueInSeconds, ...outcome } = end;
  return (
    held && { ...held, ...outcome, heldUntil: null, endedAt: at(now), dueAt: at(now + dueInSeconds * 1000) }
  );
}

/** A duty that was given back. */
export function givenBack(kept: Duty | undefined, token: number): Duty | undefined {
  const held = holding(kept, token);
  return held && { ...held, heldUntil: null };
}
