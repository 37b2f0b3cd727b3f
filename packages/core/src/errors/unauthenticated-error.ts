import { BuildStateError } from './buildstate-error.ts';

/** No key was sent, or it is not valid (any more). */
export class UnauthenticatedError extends BuildStateError {
  readonly code = 'unauthenticated';
  readonly kind = 'unauthenticated';
}
