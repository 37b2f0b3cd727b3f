import { BuildStateError } from './buildstate-error.ts';

/** States that the catalogue requires first are neither completed nor skipped. */
export class MissingPrerequisitesError extends BuildStateError {
  readonly code = 'missing_prerequisites';
  readonly kind = 'conflict';
}
