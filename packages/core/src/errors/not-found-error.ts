import { BuildStateError } from './buildstate-error.ts';

/** The object named in the input does not exist, or the caller may not know that it does. */
export class NotFoundError extends BuildStateError {
  readonly code = 'not_found';
  readonly kind = 'not_found';
}
