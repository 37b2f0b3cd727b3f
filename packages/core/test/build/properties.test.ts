import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideCancel, decideManualRetry } from '../../src/build/decide-by-hand.ts';
import { decideReport } from '../../src/build/decide-report.ts';
import { decideRollback } from '../../src/build/decide-rollback.ts';
import type { StateReport } from '../../src/build/report.ts';
import { BuildStateError, findBreak } from '../../src/index.ts';
import { acquireLease, releaseLease } from '../../src/lease/decide-lease.ts';
import { hashing, makeReport, Simulation } from '../support/simulation.ts';

type Command =
  | {
      readonly do: 'report';
      readonly kind: StateReport['kind'];
      readonly state: number;
      readonly by: string;
      readonly leased: boolean;
    }
  | { readonly do: 'retry' | 'lease' | 'release' }
  | { readonly do: 'cancel' }
  | { readonly do: 'rollback'; readonly target: number | undefined }
  | { readonly do: 'wait'; readonly seconds: number };

const state = fc.oneof(fc.constantFrom(0, 5, 10, 25, 30, 35, 50, 95, 100), fc.integer({ min: 0, max: 100 }));
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      kind: fc.constantFrom('start', 'complete', 'fail', 'skip'),
      state,
      by: fc.constantFrom('a', 'b'),
      leased: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('retry', 'lease', 'release') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('rollback' as const),
      target: fc.option(state, { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 120 }) }),
  },
);

/** Does one command; refusals are part of the game, anything but a domain error is not. */
function perform(build: Simulation, step: Command): boolean {
  const token = build.snapshot.lease?.token ?? null;
  try {
    build.apply((draft) => {
      if (step.do === 'report') {
        const leaseToken = step.leased ? token : null;
        decideReport(
          draft,
          makeReport({ kind: step.kind, state: step.state, reportedBy: step.by, leaseToken }),
        );
      } else if (step.do === 'rollback')
        decideRollback(draft, { target: step.target, reason: null, reportedBy: null, leaseToken: token });
      else if (step.do === 'cancel') decideCancel(draft, { reason: null, reportedBy: null });
      else if (step.do === 'lease')
        acquireLease(draft, { holder: 'w', identity: null, ttlSeconds: 60, holderGone: null });
      else if (step.do === 'release') releaseLease(draft, token ?? 1);
      else if (step.do === 'retry')
        decideManualRetry(draft, undefined, {
          ...makeReport({ kind: 'start', state: 0, leaseToken: token }),
          reason: null,
        });
      else if (step.do === 'wait') build.wait(step.seconds);
    });
    return true;
  } catch (error) {
    if (!(error instanceof BuildStateError)) throw error;
    return false;
  }
}

function checkInvariants(build: Simulation): void {
  const { currentState, lastSuccessfulState, failedState, status } = build.build;
  const attempts = [...build.attempts.values()];
  const open = attempts.filter((attempt) => attempt.status === 'in_progress');
  expect(open.length).toBeLessThanOrEqual(1);
  expect(open[0] ?? null).toEqual(build.snapshot.openAttempt);
  expect(lastSuccessfulState).toBeLessThanOrEqual(currentState);
  expect(failedState !== null).toBe(status === 'failed' || (status === 'cancelled' && failedState !== null));
  if (open.length > 0) expect(status).toBe('running');
  const done = attempts
    .filter(({ status: how }) => how === 'completed' || how === 'skipped')
    .map((one) => one.state);
  expect(lastSuccessfulState).toBe(Math.max(0, ...done));
  for (const code of new Set(attempts.map((attempt) => attempt.state))) {
    const numbers = attempts
      .filter((one) => one.state === code && one.attempt !== null)
      .map((one) => one.attempt);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }
  expect(findBreak(build.events, hashing)).toBeUndefined();
}

it('reaches no illegal state by any sequence of commands', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
      const build = new Simulation();
      for (const step of commands) {
        const before = build.build;
        const eventsBefore = build.events.length;
        const done = perform(build, step);
        const after = build.build;
        if (!done) expect(after).toBe(before);
        if (step.do === 'report' && step.kind === 'fail' && done && before.status !== 'failed') {
          const closed = build.events.slice(eventsBefore).some(({ type }) => type === 'state.completed');
          if (!closed) expect(after.currentState).toBe(before.currentState);
        }
        const rolledBack = build.events.slice(eventsBefore).some(({ type }) => type === 'state.rolled_back');
        if (!rolledBack) expect(after.currentState).toBeGreaterThanOrEqual(before.currentState);
        checkInvariants(build);
      }
    }),
    { numRuns: 400 },
  );
});

it('gives the same build when a history is replayed', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      const [first, second] = [new Simulation(), new Simulation()];
      const accepted = commands.filter((step) => perform(first, step));
      for (const step of accepted) expect(perform(second, step)).toBe(true);
      const shape = ({ build, history }: Simulation) => ({
        ...build,
        id: '',
        projectId: '',
        version: 0,
        history,
      });
      expect(shape(second)).toEqual(shape(first));
    }),
    { numRuns: 200 },
  );
});
