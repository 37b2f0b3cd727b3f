import { BuildStateError } from './buildstate-error.ts';

/** A documented limit would be exceeded. */
export class LimitError extends BuildStateError {
  readonly code = 'limit_exceeded';
  readonly kind = 'too_large';
}
