import { BuildStateError } from './buildstate-error.ts';

/** The build is completed or cancelled and accepts nothing more. */
export class BuildClosedError extends BuildStateError {
  readonly code = 'build_closed';
  readonly kind = 'conflict';
}
