import { BuildStateError, IntegrityError, StorageError, StorageNotFoundError } from '@buildstate/core/light';

/**
 * What went wrong with a call about bytes, as backends say it. Bytes that are not what they should be stay an
 * integrity error.
 */
export function storageError(error: unknown): unknown {
  if (
    !(error instanceof BuildStateError) ||
    error instanceof StorageError ||
    error instanceof IntegrityError
  ) {
    return error;
  }
  const { message, kind, context } = error;
  if (kind === 'not_found') return new StorageNotFoundError(message, { cause: error, context });
  const persistence = kind === 'unavailable' || kind === 'timeout' ? 'transient' : 'permanent';
  return new StorageError(message, { cause: error, context, kind, persistence });
}

/** Runs a call and lets it fail as backends do. @throws StorageError, IntegrityError; the signal's reason */
export async function asStorage<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw storageError(error);
  }
}
