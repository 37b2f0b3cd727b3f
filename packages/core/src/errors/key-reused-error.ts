import { BuildStateError } from './buildstate-error.ts';

/** A key that names one request (`Idempotency-Key`) was used for another one. */
export class KeyReusedError extends BuildStateError {
  readonly code = 'key_reused';
  readonly kind = 'invalid';
}
