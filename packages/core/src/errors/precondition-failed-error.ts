import { BuildStateError } from './buildstate-error.ts';

/** Something is not the version any more that the caller has seen (`If-Match`). */
export class PreconditionFailedError extends BuildStateError {
  readonly code = 'precondition_failed';
  readonly kind = 'conflict';
}
