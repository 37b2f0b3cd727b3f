import {
  closeOpen,
  doneStates,
  type ModelBuild,
  openAttempt,
  placeOf,
  Refusal,
  type Stepped,
} from './build.ts';
import type { ModelCommand } from './command.ts';
import { admit, refuseClosed } from './lease.ts';

/** "Note with the reason; retry count starts again; build `running`." */
export function retry(before: ModelBuild, { token }: ModelCommand & { do: 'retry' }, now: number): Stepped {
  refuseClosed(before);
  const build = admit(before, token, now);
  const { failed } = build;
  if (build.status !== 'failed' || failed === null) throw new Refusal('illegal_transition');
  const note = {
    state: failed,
    number: null,
    status: 'manual_retry',
    reporter: null,
    token: null,
    artifact: null,
  };
  const after: ModelBuild = {
    ...build,
    status: 'running',
    failed: null,
    retryPlanned: false,
    attempts: [...build.attempts, note],
    failures: { ...build.failures, [failed]: 0 },
  };
  return { build: after, answer: placeOf(after) };
}

/** "Later completed attempts become `rolled_back`; `current_state = t`." */
export function rollback(
  before: ModelBuild,
  { target, token }: ModelCommand & { do: 'rollback' },
  now: number,
): Stepped {
  refuseClosed(before);
  const build = admit(before, token, now);
  const done = doneStates(build);
  const to = target ?? done.at(-2) ?? 0;
  if ((to !== 0 && !done.includes(to)) || to >= build.current) throw new Refusal('illegal_transition');
  const closed = closeOpen(build, { status: 'abandoned' });
  const attempts = closed.attempts.map((one) =>
    one.state > to && (one.status === 'completed' || one.status === 'skipped')
      ? { ...one, status: 'rolled_back' }
      : one,
  );
  const after: ModelBuild = {
    ...closed,
    attempts,
    status: 'running',
    current: to,
    failed: null,
    retryPlanned: false,
    failures: {},
  };
  return { build: after, answer: placeOf(after) };
}

/** "Build `cancelled`, open attempt `abandoned`", whoever holds it. Twice is once. */
export function cancel(build: ModelBuild): Stepped {
  if (build.status === 'cancelled') return { build, answer: placeOf(build) };
  refuseClosed(build);
  const closed = openAttempt(build) === undefined ? build : closeOpen(build, { status: 'abandoned' });
  const lease = closed.lease && { ...closed.lease, over: true };
  const after: ModelBuild = { ...closed, lease, status: 'cancelled', retryPlanned: false };
  return { build: after, answer: placeOf(after) };
}
