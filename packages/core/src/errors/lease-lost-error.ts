import { BuildStateError } from './buildstate-error.ts';

/** The report carries a fencing token that is no longer the newest, or the lease is gone. */
export class LeaseLostError extends BuildStateError {
  readonly code = 'lease_lost';
  readonly kind = 'conflict';
}
