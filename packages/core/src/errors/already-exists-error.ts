import { BuildStateError } from './buildstate-error.ts';

/** The name, number or id is taken. */
export class AlreadyExistsError extends BuildStateError {
  readonly code = 'already_exists';
  readonly kind = 'conflict';
}
