import type { BuildDetails } from '@buildstate/client';
import { exitCodes } from '../errors/exit-codes.ts';

/** What is waited for. */
export interface Awaited {
  /** A state that has to be completed or skipped. @default the end of the build */
  readonly state?: number | undefined;
  /** Whether a failure that is going to be tried again is not the end. @default false */
  readonly retries?: boolean | undefined;
}

/** Whether a failed build goes on by itself. */
function isRetried({ status, nextRetryAt }: BuildDetails): boolean {
  return status === 'failed' && nextRetryAt !== null;
}

/** The exit code that a build comes to; `undefined` while it is still on its way. */
export function outcomeOf(build: BuildDetails, { state, retries }: Awaited): number | undefined {
  if (state !== undefined && build.lastSuccessfulState >= state) return exitCodes.done.code;
  if (build.status === 'completed') return exitCodes.done.code;
  if (retries === true && isRetried(build)) return undefined;
  return build.status === 'failed' || build.status === 'cancelled' ? exitCodes.failed.code : undefined;
}
