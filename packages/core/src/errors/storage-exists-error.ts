import { StorageError, type StorageErrorDetails } from './storage-error.ts';

/** The key is taken and the caller asked for a free one. */
export class StorageExistsError extends StorageError {
  override readonly code = 'storage_exists';

  constructor(message: string, details: StorageErrorDetails = {}) {
    super(message, { kind: 'conflict', ...details });
  }
}
