import {
  type BuildHead,
  isLive,
  type NextStates,
  type StateRange,
  type WaitingBuild,
  type WaitingQuery,
} from '@buildstate/core';
import { compareText, timestamp } from '@buildstate/core/light';
import { wants } from './filters.ts';

function within(ranges: readonly StateRange[], code: number | null): boolean {
  return code !== null && ranges.some(({ first, last }) => code >= first && code <= last);
}

function fits({ build, states, openAttempt, resumeTarget }: BuildHead, next: NextStates): boolean {
  const { status, currentState, lastSuccessfulState, failedState } = build;
  if (resumeTarget !== null || build.branchUntil != null) return true;
  if (status === 'pending')
    return lastSuccessfulState === 0 ? next.pending : within(next.after, lastSuccessfulState);
  if (status === 'failed') return within(next.failed, failedState);
  const begun =
    currentState > lastSuccessfulState || openAttempt !== null || states[currentState]?.abandoned === true;
  return begun ? within(next.begun, currentState) : within(next.after, lastSuccessfulState);
}

/**
 * Whether a build waits for a worker; see `WaitingBuilds.listWaiting`.
 * @param now the store's time, in milliseconds since the epoch
 */
export function isWaiting(head: BuildHead, query: WaitingQuery, now: number): boolean {
  const { build, lease, openAttempt } = head;
  const { status, deletedAt, nextRetryAt } = build;
  const at = timestamp(now);
  if (deletedAt !== null || isLive(lease, at)) return false;
  if (!wants(query.projectId, build.projectId) || !wants<string | null>(query.platformId, build.platformId))
    return false;
  const waits =
    status === 'pending' ||
    (status === 'running' && openAttempt?.leaseToken !== null) ||
    (status === 'failed' && nextRetryAt !== null && nextRetryAt <= at);
  return waits && (query.next === undefined || fits(head, query.next));
}

/** The oldest of builds that wait. */
export function oldest(waiting: readonly WaitingBuild[], limit: number): readonly WaitingBuild[] {
  return [...waiting]
    .sort((a, b) => compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id))
    .slice(0, limit)
    .map(({ id, createdAt }) => ({ id, createdAt }));
}
