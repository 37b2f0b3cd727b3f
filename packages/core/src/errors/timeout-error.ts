import { BuildStateError } from './buildstate-error.ts';

/** Something did not happen within the time that the caller allowed. */
export class TimeoutError extends BuildStateError {
  readonly code = 'timeout';
  readonly kind = 'timeout';
}
