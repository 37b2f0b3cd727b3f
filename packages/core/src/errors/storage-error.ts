import { BuildStateError, type ErrorDetails, type ErrorKind } from './buildstate-error.ts';

/** Whether repeating a call to a backend can help. */
export type Persistence = 'permanent' | 'transient';

/** Details of a storage failure. */
export interface StorageErrorDetails extends ErrorDetails {
  /** Whether a repetition can help. @default 'permanent' */
  readonly persistence?: Persistence;
  /** The kind for edges. @default 'unavailable' when transient, else 'failed' */
  readonly kind?: ErrorKind;
}

/** A call to an artifact backend failed. `persistence` tells the retry decorator whether to try again. */
export class StorageError extends BuildStateError {
  readonly code: string = 'storage_failed';
  readonly kind: ErrorKind;
  /** Whether a repetition can help. */
  readonly persistence: Persistence;

  constructor(message: string, details: StorageErrorDetails = {}) {
    super(message, details);
    this.persistence = details.persistence ?? 'permanent';
    this.kind = details.kind ?? (this.persistence === 'transient' ? 'unavailable' : 'failed');
  }
}
