import {
  StorageChangedError,
  StorageError,
  StorageExistsError,
  StorageNotFoundError,
} from '@buildstate/core/light';

/** The errors that every backend throws in the same words, whatever its store calls them. */

/** There is no such object. */
export function objectNotFound(name: string, cause?: unknown): StorageNotFoundError {
  return new StorageNotFoundError(`${name} was not found.`, { cause });
}

/** The object is not the version asked for. */
export function objectChanged(name: string, cause?: unknown): StorageChangedError {
  return new StorageChangedError(`${name} was replaced meanwhile.`, { cause });
}

/** The key is taken. */
export function objectExists(name: string, cause?: unknown): StorageExistsError {
  return new StorageExistsError(`${name} exists already.`, { cause });
}

/** The upload was completed, aborted or swept, or never was. */
export function uploadUnknown(name: string, cause?: unknown): StorageNotFoundError {
  return new StorageNotFoundError(`The upload of ${name} is not known (any more). Begin a new one.`, {
    cause,
  });
}

/** The parts that were named are not the ones that the store holds. */
export function wrongPart(name: string, number: number): StorageError {
  return new StorageError(`Part ${number} of ${name} is not the one that the store holds. Send it again.`, {
    kind: 'conflict',
    context: { part_number: number },
  });
}

/** A body is larger than the backend takes in one call. */
export function bodyTooLarge(name: string, bytes: number, limit: number): StorageError {
  return new StorageError(`${name} exceeds limit: ${bytes} bytes, at most ${limit} in one call.`, {
    kind: 'too_large',
    context: { size_bytes: bytes, limit_bytes: limit },
  });
}
