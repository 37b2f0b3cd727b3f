import {
  closeOpen,
  completionOf,
  doneStates,
  lastSuccessful,
  type ModelAnswer,
  type ModelAttempt,
  type ModelBuild,
  type ModelRules,
  openAttempt,
  Refusal,
  type Stepped,
} from './build.ts';
import type { ModelReport } from './command.ts';
import { admit, isStale, refuseClosed } from './lease.ts';
import { retryDecision } from './retry.ts';

const ends = { complete: 'completed', fail: 'failed', skip: 'skipped' } as const;

/** The row "start" of the table of transitions; `complete`, `fail` and `skip` may also end what is open. */
function checkAllowed(build: ModelBuild, { kind, state }: ModelReport): void {
  if (kind !== 'start' && openAttempt(build)?.state === state) return;
  const forward = build.status !== 'failed' && state >= build.current;
  const failedOne = build.status === 'failed' && state === build.failed;
  if (!forward && !failedOne) throw new Refusal('illegal_transition');
}

function checkPrerequisites(build: ModelBuild, { state }: ModelReport, { prerequisites }: ModelRules): void {
  const done = doneStates(build);
  // What is open is completed by the report of a later state, before that state begins.
  const open = openAttempt(build);
  const willBeDone = open !== undefined && open.state < state ? [...done, open.state] : done;
  if (open?.state === state) return;
  if ((prerequisites[state] ?? []).some((one) => !willBeDone.includes(one)))
    throw new Refusal('missing_prerequisites');
}

/** "A report for a later state closes an open earlier attempt as `completed`." */
function closeEarlier(build: ModelBuild, state: number): ModelBuild {
  const open = openAttempt(build);
  if (open === undefined || open.state >= state) return build;
  const closed = closeOpen(build, { status: 'completed' });
  return { ...closed, failures: { ...closed.failures, [open.state]: 0 } };
}

function makeWay(build: ModelBuild, report: ModelReport): ModelBuild {
  const open = openAttempt(build);
  if (open?.state !== report.state) return build;
  const own = open.reporter === report.by || (open.token !== null && open.token === report.token);
  if (!own && !report.takeover) throw new Refusal('state_in_progress');
  return closeOpen(build, { status: 'abandoned' });
}

function newAttempt(build: ModelBuild, report: ModelReport, status: string): ModelAttempt {
  const earlier = build.attempts.filter(({ state, number }) => state === report.state && number !== null);
  const { state, by: reporter, token, artifact } = report;
  return { state, number: earlier.length + 1, status, reporter, token, artifact };
}

function start(build: ModelBuild, report: ModelReport): { build: ModelBuild; attempt: ModelAttempt } {
  const free = makeWay(build, report);
  const attempt = newAttempt(free, report, 'in_progress');
  const current = Math.max(free.current, report.state);
  const attempts = [...free.attempts, attempt];
  return { build: { ...free, attempts, current, status: 'running', failed: null }, attempt };
}

function end(build: ModelBuild, report: ModelReport & { kind: keyof typeof ends }, rules: ModelRules) {
  const { kind, state } = report;
  const open = openAttempt(build);
  const attempt: ModelAttempt =
    open?.state === state
      ? { ...open, status: ends[kind], artifact: report.artifact ?? open.artifact }
      : newAttempt(build, report, ends[kind]);
  const attempts =
    open?.state === state
      ? build.attempts.map((one) => (one === open ? attempt : one))
      : [...build.attempts, attempt];
  if (kind === 'fail') {
    const failures = { ...build.failures, [state]: (build.failures[state] ?? 0) + 1 };
    return { build: { ...build, attempts, failures, status: 'failed' as const, failed: state }, attempt };
  }
  const status = state === rules.finalState ? ('completed' as const) : ('running' as const);
  const current = Math.max(build.current, state);
  const failures = { ...build.failures, [state]: 0 };
  return { build: { ...build, attempts, failures, status, current, failed: null }, attempt };
}

function answerOf(build: ModelBuild, attempt: ModelAttempt, more: ModelAnswer = {}): ModelAnswer {
  const { state, number, status } = attempt;
  return {
    state,
    number,
    attemptStatus: status,
    status: build.status,
    current: build.current,
    last: lastSuccessful(build),
    failed: build.failed,
    ...more,
  };
}

/**
 * Completing a state again "with the same artifact", or without naming one, and skipping it again, say nothing new:
 * the first attempt answers. Not where the state is being done anew: begun, failed, or given up.
 */
function repeated(build: ModelBuild, { kind, state, artifact }: ModelReport): ModelAttempt | undefined {
  const done = completionOf(build, state);
  const newest = build.attempts.findLast((one) => one.state === state && one.number !== null);
  const givenUp = newest?.status === 'abandoned' && state === build.current;
  if (done === undefined || openAttempt(build)?.state === state || build.failed === state || givenUp)
    return undefined;
  if (kind === 'skip') return done.status === 'skipped' ? done : undefined;
  const same = artifact === null || artifact === done.artifact;
  return kind === 'complete' && done.status === 'completed' && same ? done : undefined;
}

/** One transition. */
export function report(before: ModelBuild, report: ModelReport, rules: ModelRules, now: number): Stepped {
  const first = isStale(before, report.token) ? undefined : repeated(before, report);
  if (first !== undefined) return { build: before, answer: answerOf(before, first) };
  refuseClosed(before);
  const build = admit(before, report.token, now);
  checkAllowed(build, report);
  checkPrerequisites(build, report, rules);
  const ready = closeEarlier(build, report.state);
  const { kind } = report;
  if (kind === 'start') {
    const started = start(ready, report);
    const after = { ...started.build, retryPlanned: false };
    return { build: after, answer: answerOf(after, started.attempt) };
  }
  const ended = end(ready, { ...report, kind }, rules);
  const decision = kind === 'fail' ? retryDecision(report, ended.build.failures[report.state] ?? 0) : null;
  const after = { ...ended.build, retryPlanned: decision?.retry ?? false };
  return { build: after, answer: answerOf(after, ended.attempt, decision === null ? {} : { decision }) };
}
