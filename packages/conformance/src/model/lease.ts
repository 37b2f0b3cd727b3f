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

/** Giving up; what was begun under the lease is abandoned. Twice is once. */
export function release(build: ModelBuild, token: number): Stepped {
  const { lease } = build;
  if (lease !== null && lease.token === token && lease.over) return { build, answer: {} };
  checkToken(build, token);
  return { build: endLease(build), answer: {} };
}
