import { BuildStateError } from './buildstate-error.ts';

/** Bytes are not what their record says: wrong digest, wrong size, bad signature. */
export class IntegrityError extends BuildStateError {
  readonly code = 'integrity';
  readonly kind = 'integrity';
}
