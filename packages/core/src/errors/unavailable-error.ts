import { BuildStateError } from './buildstate-error.ts';

/** A server or store answered that it cannot serve now. */
export class UnavailableError extends BuildStateError {
  readonly code = 'unavailable';
  readonly kind = 'unavailable';
}
