import { BuildStateError } from './buildstate-error.ts';

/** What was asked for is beyond what this store can do. */
export class NotSupportedError extends BuildStateError {
  readonly code = 'not_supported';
  readonly kind = 'invalid';
}
