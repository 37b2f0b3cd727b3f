import { BuildStateError } from './buildstate-error.ts';

/** The key is good, but its scopes or its project do not cover the call. */
export class ForbiddenError extends BuildStateError {
  readonly code = 'forbidden';
  readonly kind = 'forbidden';
}
