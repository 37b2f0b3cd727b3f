import { StorageError, type StorageErrorDetails } from './storage-error.ts';

/** The object is not in the store. */
export class StorageNotFoundError extends StorageError {
  override readonly code = 'storage_not_found';

  constructor(message: string, details: StorageErrorDetails = {}) {
    super(message, { kind: 'not_found', ...details });
  }
}
