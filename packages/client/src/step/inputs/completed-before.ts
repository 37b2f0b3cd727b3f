import type { AttemptRecord } from '../../api/builds.ts';
import { changedInputs, type InputChange, recordedFingerprint, type StepFingerprint } from './fingerprint.ts';

/** What the record says about a state, compared with its inputs now. */
export type StateHistory =
  /** It has to be run. */
  | { readonly done: false }
  /** It is done, and nothing says that it would do otherwise now. */
  | { readonly done: true; readonly changes: readonly []; readonly reason: string }
  /** It is done, with other inputs. */
  | {
      readonly done: true;
      readonly changes: readonly [InputChange, ...InputChange[]];
      readonly reason: string;
    };

/** The attempt by which a state counts as done, if it does: rolled back ones do not. */
export function completedAttempt(
  attempts: readonly AttemptRecord[],
  state: number,
): AttemptRecord | undefined {
  return attempts.findLast(
    (attempt) => attempt.state === state && (attempt.status === 'completed' || attempt.status === 'skipped'),
  );
}

/**
 * Judges a state by its attempts, oldest first.
 * @param now the fingerprint of its inputs now
 */
export function judgeState(
  attempts: readonly AttemptRecord[],
  state: number,
  now: StepFingerprint,
): StateHistory {
  const attempt = completedAttempt(attempts, state);
  if (attempt === undefined) return { done: false };
  if (attempt.status === 'skipped') return { done: true, changes: [], reason: 'was skipped' };
  const before = recordedFingerprint(attempt.metadata as Parameters<typeof recordedFingerprint>[0]);
  if (before === undefined)
    return { done: true, changes: [], reason: 'is completed; its inputs were not recorded' };
  const [first, ...others] = changedInputs(before, now);
  if (first === undefined) return { done: true, changes: [], reason: 'is completed with the same inputs' };
  return {
    done: true,
    changes: [first, ...others],
    reason: `is completed, but ${[first, ...others].map(({ text }) => text).join(', ')}`,
  };
}
