import { BuildStateError } from './buildstate-error.ts';

/** The build changed between reading and writing, more often than the tracker retries. */
export class VersionConflictError extends BuildStateError {
  readonly code = 'version_conflict';
  readonly kind = 'conflict';
}
