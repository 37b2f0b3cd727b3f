import type { BuildStatus } from './status.ts';

/** The reports that are about one state. */
export type TransitionKind = 'start' | 'complete' | 'fail' | 'skip';

/**
 * When a report is allowed:
 * - `forward`: its state is the current one or a later one;
 * - `failed_state`: its state is the one that failed;
 * - `open_attempt`: an attempt of its state is in progress;
 * - `resume_target`: an accepted resume request leads to its state.
 */
export type TransitionRule = 'forward' | 'failed_state' | 'open_attempt' | 'resume_target';

/** One row: from these statuses of the build, under this rule. */
export interface TransitionRow {
  /** Statuses that the build may have. */
  readonly from: readonly BuildStatus[];
  /** What must hold for the state. */
  readonly rule: TransitionRule;
}

const asStart: readonly TransitionRow[] = [
  { from: ['pending', 'running'], rule: 'forward' },
  { from: ['failed'], rule: 'failed_state' },
  { from: ['pending', 'running', 'failed'], rule: 'resume_target' },
];
const orOpen: readonly TransitionRow[] = [...asStart, { from: ['running'], rule: 'open_attempt' }];

/** The transition table. A report is allowed when one of its rows holds. */
export const transitionTable: Readonly<Record<TransitionKind, readonly TransitionRow[]>> = {
  start: asStart,
  complete: orOpen,
  fail: orOpen,
  skip: orOpen,
};

/** The facts that rules look at. */
export interface TransitionFacts {
  /** The build's status. */
  readonly status: BuildStatus;
  /** The build's current state. */
  readonly currentState: number;
  /** The state that failed. */
  readonly failedState: number | null;
  /** The state of the attempt in progress. */
  readonly openState: number | null;
  /** The state that a resume request leads to and that was not started yet. */
  readonly resumeTarget: number | null;
}

const rules: Readonly<Record<TransitionRule, (facts: TransitionFacts, state: number) => boolean>> = {
  forward: ({ currentState }, state) => state >= currentState,
  failed_state: ({ failedState }, state) => state === failedState,
  open_attempt: ({ openState }, state) => state === openState,
  resume_target: ({ resumeTarget }, state) => state === resumeTarget,
};

/** The rule that allows a report, or `undefined` when none does. */
export function allowingRule(
  kind: TransitionKind,
  facts: TransitionFacts,
  state: number,
): TransitionRule | undefined {
  return transitionTable[kind].find(
    ({ from, rule }) => from.includes(facts.status) && rules[rule](facts, state),
  )?.rule;
}
