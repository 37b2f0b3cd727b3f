import { BuildStateError } from './buildstate-error.ts';

/** A server or store could not be reached, or did not answer in time. */
export class UnreachableError extends BuildStateError {
  readonly code = 'unreachable';
  readonly kind = 'unavailable';
}
