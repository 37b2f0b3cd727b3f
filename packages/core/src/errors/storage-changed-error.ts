import { StorageError, type StorageErrorDetails } from './storage-error.ts';

/** The object is not the version that the caller named. */
export class StorageChangedError extends StorageError {
  override readonly code = 'storage_changed';

  constructor(message: string, details: StorageErrorDetails = {}) {
    super(message, { kind: 'conflict', ...details });
  }
}
