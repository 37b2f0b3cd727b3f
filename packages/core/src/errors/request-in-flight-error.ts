import { BuildStateError } from './buildstate-error.ts';

/** A request with the same key of its caller's is being performed; its answer comes soon. */
export class RequestInFlightError extends BuildStateError {
  readonly code = 'request_in_flight';
  readonly kind = 'conflict';
}
