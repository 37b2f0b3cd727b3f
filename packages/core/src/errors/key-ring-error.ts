import { BuildStateError } from './buildstate-error.ts';

/** The key ring cannot sign, seal or open what it was asked to. */
export class KeyRingError extends BuildStateError {
  readonly code = 'key_ring';
  readonly kind = 'integrity';
}
