import { BuildStateError } from './buildstate-error.ts';

/** The disk or a quota is full. */
export class NoSpaceError extends BuildStateError {
  readonly code = 'no_space';
  readonly kind = 'no_space';
}
