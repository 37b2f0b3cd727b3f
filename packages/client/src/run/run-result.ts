import type { Interruption, StepResult } from '../step/state/step-result.ts';

/** A build, as a run tells of it. */
export interface RunBuild {
  /** Its UUID. */
  readonly id: string;
  /** Its number in the project. */
  readonly buildNumber: string;
  /** The project's name. */
  readonly project: string;
}

/** How a run ended. */
export type RunResult = {
  /** The build; `undefined` when it was stopped before there was one. */
  readonly build: RunBuild | undefined;
  /** Codes of the states that were run and completed, ascending. */
  readonly completed: readonly number[];
  /** Of these, the codes of those that took what an earlier build had made, instead of running. */
  readonly reused: readonly number[];
  /** Codes of the states that were done before, ascending. */
  readonly skipped: readonly number[];
} & (
  | {
      /** All states up to where the run was to stop are done. */
      readonly outcome: 'completed';
      /** 0, or the code of a command in `finally` that failed. */
      readonly exitCode: number;
    }
  | (Extract<StepResult, { readonly outcome: 'failed' }> & {
      /** The state that failed; `undefined` when a command in `before` did. */
      readonly state: number | undefined;
    })
  | Interruption
);
