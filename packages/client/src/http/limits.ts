import { ConfigurationError } from '@buildstate/core/light';
import type { ConnectOptions } from '../connect/options.ts';

/** How long a server is waited for and how often it is asked, with every default filled in. */
export interface ResolvedLimits {
  /** Milliseconds for one try. */
  readonly tryMs: number;
  /** Milliseconds for a call with all its tries and pauses. */
  readonly totalMs: number;
  /** Tries in all. */
  readonly tries: number;
  /** Longest pause between two tries, in milliseconds. */
  readonly maxPauseMs: number;
  /** Largest answer, in bytes. */
  readonly maxAnswerBytes: number;
}

const mebibyte = 1024 * 1024;

/** What holds when `connect` is told nothing else. */
export const defaultLimits: ResolvedLimits = {
  tryMs: 10_000,
  totalMs: 30_000,
  tries: 3,
  maxPauseMs: 10_000,
  maxAnswerBytes: 64 * mebibyte,
};

/** The longest that Node's timers can wait. */
const longest = 2 ** 31 - 1;

/** For calls that have a deadline and repeats around them already. */
export const noLimits = { tryMs: longest, totalMs: longest, tries: 1 } as const;

function check(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= longest) return value;
  throw new ConfigurationError(`${name} must be a whole number from ${least} to ${longest}, not ${value}.`);
}

/**
 * Fills in defaults.
 * @throws ConfigurationError that names the option that is out of range
 */
export function resolveLimits(
  options: Pick<ConnectOptions, 'timeouts' | 'retry' | 'maxAnswerBytes'>,
): ResolvedLimits {
  const { timeouts = {}, retry = {} } = options;
  return {
    tryMs: check('timeouts.tryMs', timeouts.tryMs ?? defaultLimits.tryMs, 1),
    totalMs: check('timeouts.totalMs', timeouts.totalMs ?? defaultLimits.totalMs, 1),
    tries: check('retry.tries', retry.tries ?? defaultLimits.tries, 1),
    maxPauseMs: check('retry.maxPauseMs', retry.maxPauseMs ?? defaultLimits.maxPauseMs, 0),
    maxAnswerBytes: check('maxAnswerBytes', options.maxAnswerBytes ?? defaultLimits.maxAnswerBytes, 1),
  };
}
