import { BuildStateError } from './buildstate-error.ts';

/** Somebody else holds the build's lease or has an open attempt. */
export class StateInProgressError extends BuildStateError {
  readonly code = 'state_in_progress';
  readonly kind = 'conflict';
}
