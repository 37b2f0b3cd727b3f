import { closeOpen, type ModelBuild, openAttempt, Refusal, type Stepped } from './build.ts';
import type { ModelCommand } from './command.ts';

/** Whether somebody holds the build. */
export function isHeld(build: ModelBuild, now: number): boolean {
  return build.lease !== null && !build.lease.over && build.lease.expiresAt > now;
}

function endLease(build: ModelBuild): ModelBuild {
  const { lease } = build;
  if (lease === null) return build;
  const begun = openAttempt(build)?.token === lease.token;
  const after = begun ? closeOpen(build, { status: 'abandoned' }) : build;
  return { ...after, lease: { ...lease, over: true } };
}

/** Whether a token, where there is one, is another than that of the newest lease, or its lease is over. */
export function isStale({ lease }: ModelBuild, token: number | null): boolean {
  return token !== null && (lease === null || lease.over || lease.token !== token);
}

function checkToken(build: ModelBuild, token: number): void {
  if (isStale(build, token)) throw new Refusal('lease_lost');
}

/**
 * Whether a writer may write. "Reports under a lease carry it; a stale token is refused. While a lease is live,
 * reports from anyone else are refused"; an expired one is ended by the next writer.
 */
export function admit(build: ModelBuild, token: number | null, now: number): ModelBuild {
  if (token !== null) {
    checkToken(build, token);
    return build;
  }
  if (build.lease === null || build.lease.over) return build;
  if (isHeld(build, now)) throw new Refusal('state_in_progress');
  return endLease(build);
}

/** Closed builds accept nothing more. */
export function refuseClosed({ status }: ModelBuild): void {
  if (status === 'completed' || status === 'cancelled') throw new Refusal('build_closed');
}

/** "A fencing token, an integer that only grows per build." */
export function acquire(
  build: ModelBuild,
  { ttlSeconds, gone }: ModelCommand & { do: 'acquire' },
  now: number,
): Stepped {
  refuseClosed(build);
  const { lease } = build;
  if (isHeld(build, now) && lease?.token !== gone) throw new Refusal('state_in_progress');
  const free = lease === null || lease.over ? build : endLease(build);
  const token = (lease?.token ?? 0) + 1;
  const expiresAt = now + ttlSeconds * 1000;
  return { build: { ...free, lease: { token, expiresAt, over: false } }, answer: { token } };
}

/**
 * A build waits that is `pending`, or `running` without a live lease or an attempt that was begun without one. What
 * failed waits once it is due, which takes longer than any history.
 */
function waits(build: ModelBuild, now: number): boolean {
  if (isHeld(build, now)) return false;
  const open = openAttempt(build);
  return (
    build.status === 'pending' || (build.status === 'running' && (open === undefined || open.token !== null))
  );
}

/** The lease of a build that waits. */
export function claim(build: ModelBuild, command: ModelCommand & { do: 'claim' }, now: number): Stepped {
  if (!waits(build, now)) return { build, answer: { nothing: true } };
  return acquire(build, { ...command, do: 'acquire', gone: null, eventId: null }, now);
}

/** Giving up; what was begun under the lease is abandoned. Twice is once. */
export function release(build: ModelBuild, token: number): Stepped {
  const { lease } = build;
  if (lease !== null && lease.token === token && lease.over) return { build, answer: {} };
  checkToken(build, token);
  return { build: endLease(build), answer: {} };
}
