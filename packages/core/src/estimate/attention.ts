import type { BuildSnapshot } from '../build/snapshot.ts';
import type { Timestamp } from '../build/timestamp.ts';
import { policyOf } from '../retry/policy.ts';
import type { Stall } from './stall.ts';

/**
 * Why somebody should look at a build. `stalled`: a state takes far too long; `lease_expired`: whoever worked at it has
 * gone silent; `retries_exhausted`: it failed as often as it may; `failed`: it failed and is not tried again by itself;
 * `report_rejected`: a report that was delivered late was refused.
 */
export const attentionReasons = [
  'stalled',
  'lease_expired',
  'retries_exhausted',
  'failed',
  'report_rejected',
] as const;
/** Why somebody should look at a build. */
export type AttentionReason = (typeof attentionReasons)[number];

/** Something about a build that somebody should look at. */
export interface Attention {
  /** What it is. */
  readonly reason: AttentionReason;
  /** The state that it is about. */
  readonly state: number | null;
  /** Since when, where that is known. */
  readonly since: Timestamp | null;
}

function ofFailure({ build, states, project }: BuildSnapshot): Attention[] {
  const { status, failedState: state, nextRetryAt, updatedAt } = build;
  if (status !== 'failed' || state === null || nextRetryAt !== null) return [];
  const exhausted = (states[state]?.failures ?? 0) >= policyOf(project, state).maxAttempts;
  return [{ reason: exhausted ? 'retries_exhausted' : 'failed', state, since: updatedAt }];
}

function ofStall(stall: Stall | null): Attention[] {
  if (stall === null) return [];
  const { state, since, reason } = stall;
  return [{ reason: reason === 'silent' ? 'lease_expired' : 'stalled', state, since }];
}

function ofRejections({ counts }: BuildSnapshot): Attention[] {
  return (counts.rejectedReports ?? 0) === 0 ? [] : [{ reason: 'report_rejected', state: null, since: null }];
}

/**
 * Why somebody should look at a build; empty when all is well, and of a build that is over.
 * @param stall what `findStall` has found
 */
export function attentionTo(snapshot: BuildSnapshot, stall: Stall | null): Attention[] {
  const { status } = snapshot.build;
  if (status === 'completed' || status === 'cancelled') return [];
  return [...ofStall(stall), ...ofFailure(snapshot), ...ofRejections(snapshot)];
}
