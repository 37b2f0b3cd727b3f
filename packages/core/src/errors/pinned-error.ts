import { BuildStateError } from './buildstate-error.ts';

/** Somebody has pinned the artifact, so it is not deleted. */
export class PinnedError extends BuildStateError {
  readonly code = 'artifact_pinned';
  readonly kind = 'conflict';
}
