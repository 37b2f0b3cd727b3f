import { BuildStateError } from './buildstate-error.ts';

/** A state store failed in a way that is not the caller's doing. */
export class StoreError extends BuildStateError {
  readonly code = 'store_failed';
  readonly kind = 'failed';
}
