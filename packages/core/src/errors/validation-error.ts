import { BuildStateError } from './buildstate-error.ts';

/** An input has invalid fields; `problems` names each. */
export class ValidationError extends BuildStateError {
  readonly code = 'validation_failed';
  readonly kind = 'invalid';
}
