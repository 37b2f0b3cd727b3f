import { BuildStateError, type ErrorDetails, type ErrorKind } from './buildstate-error.ts';

/** A server answered an error that this version has no class for. */
export class RemoteError extends BuildStateError {
  readonly code: string;
  readonly kind: ErrorKind;

  constructor(message: string, code: string, kind: ErrorKind, details: ErrorDetails = {}) {
    super(message, details);
    this.code = code;
    this.kind = kind;
  }
}
