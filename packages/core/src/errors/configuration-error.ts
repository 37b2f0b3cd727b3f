import { BuildStateError } from './buildstate-error.ts';

/** A setting, file or environment variable is wrong; the message names it. */
export class ConfigurationError extends BuildStateError {
  readonly code = 'configuration';
  readonly kind = 'invalid';
}
