import { BuildStateError } from './buildstate-error.ts';

/** The build cannot be resumed as asked; the message gives the reasons. */
export class NotResumableError extends BuildStateError {
  readonly code = 'not_resumable';
  readonly kind = 'not_resumable';
}
