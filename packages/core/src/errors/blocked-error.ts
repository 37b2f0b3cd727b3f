import { BuildStateError } from './buildstate-error.ts';

/** The build waits for branches of its own. */
export class BlockedError extends BuildStateError {
  readonly code = 'blocked_by_branches';
  readonly kind = 'conflict';
}
