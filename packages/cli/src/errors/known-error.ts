import type { BuildStateError, ErrorKind } from '@buildstate/core';
import { exitCodeOfKind, exitCodes } from './exit-codes.ts';

/**
 * Whether an error is one of BuildState's own. Judged by its shape: stores and servers that are loaded on demand
 * bring their own copy of the class.
 */
export function isKnownError(error: unknown): error is BuildStateError {
  if (!(error instanceof Error)) return false;
  const { kind, code } = error as Partial<BuildStateError>;
  return typeof code === 'string' && typeof kind === 'string' && Object.hasOwn(exitCodeOfKind, kind);
}

/** Whether the argument parser threw it. */
export function isParseError(error: unknown): error is Error & { parse: unknown } {
  return error instanceof Error && 'oclif' in error;
}

/** Whether an error is of a kind. */
export function isOfKind(error: unknown, kind: ErrorKind): error is BuildStateError {
  return isKnownError(error) && error.kind === kind;
}

/** Whether an error has a code, such as `already_exists`. */
export function hasCode(error: unknown, code: string): error is BuildStateError {
  return isKnownError(error) && error.code === code;
}

/** The code that a process ends with after an error. */
export function exitCodeOf(error: unknown): number {
  if (isKnownError(error)) return exitCodeOfKind[error.kind];
  return isParseError(error) ? exitCodes.usage.code : exitCodes.failed.code;
}
