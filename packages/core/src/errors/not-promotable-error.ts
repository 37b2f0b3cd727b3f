import { BuildStateError } from './buildstate-error.ts';

/** The artifact is not fit to be a deliverable: its bytes are wrong, gone or expired, or the record is no longer live. */
export class NotPromotableError extends BuildStateError {
  readonly code = 'not_promotable';
  readonly kind = 'conflict';
}
