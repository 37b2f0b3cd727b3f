import { firstState, lastState } from '../build/state-code.ts';
import type { NextStates, StateRange } from '../ports/waiting-builds.ts';
import { type BuildProgress, planResume } from '../resume/plan.ts';

const codes = Array.from({ length: lastState - firstState + 1 }, (_, index) => firstState + index);

/** Codes, ascending, as few ranges. */
export function rangesOf(ascending: readonly number[]): StateRange[] {
  const ranges: { first: number; last: number }[] = [];
  for (const code of ascending) {
    const open = ranges.at(-1);
    if (open?.last === code - 1) open.last = code;
    else ranges.push({ first: code, last: code });
  }
  return ranges;
}

const begun = { outcome: null, abandoned: true };
const done = { outcome: 'completed', abandoned: false } as const;
const untouched = { currentState: 0, lastSuccessfulState: 0, failedState: null, branchUntil: null };

/** What records of builds of a project say when the build would do one of some states next. */
export function nextStatesIn(project: BuildProgress['project'], wanted: ReadonlySet<number>): NextStates {
  const fits = (progress: Omit<BuildProgress, 'project' | 'openAttempt'>) =>
    wanted.has(planResume({ openAttempt: null, ...progress, project }, false).resumeFromState);
  const running = { ...untouched, status: 'running' } as const;
  const pending = fits({ build: { ...untouched, status: 'pending' }, states: {} });
  const follows = (code: number) =>
    fits({ build: { ...running, currentState: code, lastSuccessfulState: code }, states: { 0: done } }) ||
    // Where nothing was completed, or everything was rolled back, it begins anew.
    (code === firstState && pending);
  return {
    pending,
    after: rangesOf(codes.filter(follows)),
    begun: rangesOf(
      codes.filter((code) => fits({ build: { ...running, currentState: code }, states: { [code]: begun } })),
    ),
    failed: rangesOf(
      codes.filter((code) =>
        fits({ build: { ...untouched, status: 'failed', failedState: code }, states: {} }),
      ),
    ),
  };
}

/** The same for builds of any project: more than fit, never fewer. */
export function nextStatesAnywhere(wanted: ReadonlySet<number>): NextStates {
  const lowest = Math.min(...wanted);
  const highest = Math.max(...wanted);
  // Catalogues only ever lead on, a fallback only ever back.
  return {
    pending: true,
    after: [{ first: firstState, last: highest }],
    begun: [{ first: lowest, last: lastState }],
    failed: [{ first: firstState, last: lastState }],
  };
}
