import { constants } from 'node:os';

/** How a process ended: with a code, or by a signal. */
export interface CommandEnd {
  /** Its exit code; `null` when a signal ended it. */
  readonly code: number | null;
  /** The signal that ended it; `null` when it exited. */
  readonly signal: NodeJS.Signals | null;
}

/** The exit code that a shell would show: the process's own, or 128 and the number of the signal. */
export function exitCodeOf({ code, signal }: CommandEnd): number {
  return signal === null ? (code ?? 1) : signalExitCode(signal);
}

/** 128 and the number of a signal. */
export function signalExitCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** How a process ended, in words. */
export function describeEnd({ code, signal }: CommandEnd): string {
  return signal === null ? `exited with code ${code ?? 1}` : `was ended by ${signal}`;
}
