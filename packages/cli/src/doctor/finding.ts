import type { BuildStateError } from '@buildstate/core';
import { exitCodeOf, isKnownError } from '../errors/known-error.ts';
import { nextCommand } from '../errors/next-command.ts';

/** What one look found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly name: string;
  /** `warn`: works, and wants attention. */
  readonly status: 'ok' | 'warn' | 'fail';
  /** A sentence. */
  readonly message: string;
  /** The command to try next. */
  readonly next?: string | undefined;
  /** Of a failure: the exit code that it stands for. */
  readonly exitCode?: number;
}

/** Makes the findings of one look. */
export function findingsOf(name: string) {
  return {
    ok: (message: string): Finding => ({ name, status: 'ok', message }),
    warn: (message: string, next?: string): Finding => ({ name, status: 'warn', message, next }),
    fail: (message: string, exitCode: number, next?: string): Finding => ({
      name,
      status: 'fail',
      message,
      exitCode,
      next,
    }),
  };
}

/** A known error as the finding that it is. @throws the error itself when it is none of BuildState's own */
export function failed(name: string, error: unknown, next?: string): Finding {
  if (!isKnownError(error)) throw error;
  const own = next ?? nextCommand(error as BuildStateError, { commandId: 'doctor', argv: [] });
  return findingsOf(name).fail(error.message, exitCodeOf(error), own);
}
