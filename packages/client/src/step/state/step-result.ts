import type { ReportAnswer } from '../../api/builds.ts';
import { signalExitCode } from '../command/exit-code.ts';
import type { Interrupts } from '../command/interrupts.ts';

/** What should happen after a failure, as the tracker decided. */
export type RetryDecisionRecord = NonNullable<ReportAnswer['retryDecision']>;

/** How a step ended. */
export type StepResult =
  /** It was done already. */
  | { readonly outcome: 'skipped'; readonly exitCode: 0; readonly reason: string }
  /** It was done now. */
  | {
      readonly outcome: 'completed';
      readonly exitCode: 0;
      /** The build whose outputs stand for its own, as `project:build_number`. @default it has run */
      readonly reusedFrom?: string;
    }
  /** Its command failed, took too long, or was not found; or an artifact could not be fetched or stored. */
  | {
      readonly outcome: 'failed';
      /** The command's own exit code; `undefined` when `error` is what failed. */
      readonly exitCode: number | undefined;
      /** What failed, when it was not the command's exit code. */
      readonly error?: Error;
      /** What the tracker says about another try; `undefined` while it is away. */
      readonly retryDecision: RetryDecisionRecord | undefined;
    }
  /** Somebody asked to stop. The attempt is recorded as abandoned. */
  | Interruption;

/** The end of work that somebody asked to stop. */
export interface Interruption {
  readonly outcome: 'interrupted';
  /** The command's own exit code, else 128 and the number of the signal. */
  readonly exitCode: number;
  /** The first stop signal. */
  readonly signal: NodeJS.Signals;
}

/** Whether an error is how work ends when `aborted` aborts. */
function isAbortion(error: unknown, aborted: AbortSignal): boolean {
  if (error === aborted.reason) return true;
  return error instanceof Error && (error.name === 'AbortError' || isAbortion(error.cause, aborted));
}

/**
 * The interruption that an error stands for.
 * @throws the error itself when it is not one
 */
export function asInterruption(
  { interrupts }: { readonly interrupts: Interrupts },
  error: unknown,
): Interruption {
  const signal = interrupts.first;
  if (signal === undefined || !isAbortion(error, interrupts.aborted)) throw error;
  return { outcome: 'interrupted', signal, exitCode: signalExitCode(signal) };
}
