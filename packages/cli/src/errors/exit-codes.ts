import type { ErrorKind } from '@buildstate/core';

/** One exit code, for programs and for `bldst help exit-codes`. */
export interface ExitCode {
  /** What the process answers. */
  readonly code: number;
  /** What it means. */
  readonly meaning: string;
}

/** Every exit code of `bldst`. */
export const exitCodes = {
  done: { code: 0, meaning: 'Done' },
  failed: { code: 1, meaning: 'Failed' },
  usage: { code: 2, meaning: 'Wrong usage: unknown flag, missing argument, invalid value or setting' },
  notFound: { code: 3, meaning: 'Not found' },
  conflict: { code: 4, meaning: 'Conflict: illegal transition, or in progress elsewhere' },
  auth: { code: 5, meaning: 'Not authenticated, or not allowed' },
  integrity: { code: 6, meaning: 'Integrity: a checksum or signature is wrong' },
  unreachable: { code: 7, meaning: 'Unreachable: no answer, or unavailable at the moment' },
  space: { code: 8, meaning: 'No space left, or over a quota or limit' },
  notResumable: { code: 9, meaning: 'Not resumable' },
  timedOut: { code: 10, meaning: 'Timed out' },
} as const satisfies Record<string, ExitCode>;

/** Added to the code by commands that pass another command's code through, so that the two do not mix. */
export const passThroughOffset = 120;

/** The exit code of each kind of error: the one place that decides. */
export const exitCodeOfKind: Readonly<Record<ErrorKind, number>> = {
  invalid: exitCodes.usage.code,
  not_found: exitCodes.notFound.code,
  conflict: exitCodes.conflict.code,
  unauthenticated: exitCodes.auth.code,
  forbidden: exitCodes.auth.code,
  integrity: exitCodes.integrity.code,
  unavailable: exitCodes.unreachable.code,
  no_space: exitCodes.space.code,
  too_large: exitCodes.space.code,
  not_resumable: exitCodes.notResumable.code,
  timeout: exitCodes.timedOut.code,
  failed: exitCodes.failed.code,
};
