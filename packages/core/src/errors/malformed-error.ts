import { BuildStateError } from './buildstate-error.ts';

/** An input could not be read at all, such as text that is not JSON. */
export class MalformedError extends BuildStateError {
  readonly code = 'malformed';
  readonly kind = 'invalid';
}
