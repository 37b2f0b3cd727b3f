import { IntegrityError } from '@buildstate/core/light';

/** What the bytes must be, as recorded when they were made. Never taken from the store that is being read. */
export interface ExpectedBytes {
  /** SHA-256, 64 hexadecimal characters. */
  readonly sha256?: string;
  /** MD5, 32 hexadecimal characters: guards against accidents, not against attackers. */
  readonly md5?: string;
  /** Size in bytes. */
  readonly sizeBytes?: number;
}

/** What the bytes turned out to be. */
export interface ActualBytes {
  readonly sha256: string;
  /** There when an MD5 was expected. */
  readonly md5?: string;
  readonly sizeBytes: number;
}

function mismatch(what: string, field: string, expected: unknown, actual: unknown): IntegrityError {
  return new IntegrityError(
    `The integrity check failed: ${what} has ${field} ${actual}, but ${expected} is recorded. Do not use it.`,
    { context: { field, expected, actual } },
  );
}

/** @throws IntegrityError unless size (and digests, where they are expected) agree */
export function checkBytes(what: string, expected: ExpectedBytes, actual: ActualBytes): void {
  const size = expected.sizeBytes;
  if (size !== undefined && size !== actual.sizeBytes) throw mismatch(what, 'size', size, actual.sizeBytes);
  for (const field of ['sha256', 'md5'] as const) {
    const digest = expected[field]?.toLowerCase();
    if (digest !== undefined && digest !== actual[field]) throw mismatch(what, field, digest, actual[field]);
  }
}

/** @throws IntegrityError when the store's size alone shows that the object is not the one expected */
export function checkSize(what: string, expected: ExpectedBytes, storedBytes: number): void {
  const size = expected.sizeBytes;
  if (size !== undefined && size !== storedBytes) throw mismatch(what, 'size', size, storedBytes);
}
