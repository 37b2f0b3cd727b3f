import { BuildStateError } from './buildstate-error.ts';

/** The transition table does not allow the report in the build's present state. */
export class IllegalTransitionError extends BuildStateError {
  readonly code = 'illegal_transition';
  readonly kind = 'conflict';
}
