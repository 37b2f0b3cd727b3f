import * as Flags from '@oclif/core/flags';
import { durationSeconds } from '../values/duration.ts';

/** How long something is waited for. */
export const timeoutFlag = {
  timeout: Flags.string({
    summary: 'How long to wait at most; exit code 10 when it was not long enough. Default: for ever.',
    helpValue: 'TIME',
  }),
};

/** Node's timers hold no more. */
const longest = 2 ** 31 - 1;

/** A signal that ends waiting after a time; never without one. @throws UsageError when it is no length of time */
export function deadlineOf(timeout: string | undefined): AbortSignal {
  if (timeout === undefined) return new AbortController().signal;
  return AbortSignal.timeout(Math.min(longest, durationSeconds('timeout', timeout) * 1000));
}
