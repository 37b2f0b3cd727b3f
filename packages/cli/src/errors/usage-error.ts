import { BuildStateError, type ErrorDetails } from '@buildstate/core/light';

/** The command line itself is wrong; the message says what to write instead. */
export class UsageError extends BuildStateError {
  readonly code = 'usage';
  readonly kind = 'invalid';
  /** The next command to try, if there is a better one than the command's help. */
  readonly hint: string | undefined;

  constructor(message: string, details: ErrorDetails & { readonly hint?: string } = {}) {
    super(message, details);
    this.hint = details.hint;
  }
}
