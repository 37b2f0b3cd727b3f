import { ValidationError } from '../errors/validation-error.ts';

/** A digest and what made it. */
export interface Checksum {
  /** MD5 is kept and verified, and proves nothing against an attacker. */
  readonly algorithm: 'sha256' | 'md5';
  /** Lower-case hexadecimal. */
  readonly hex: string;
}

const form = /^(?:(sha256|md5):)?([0-9a-f]+)$/i;
const lengths = { sha256: 64, md5: 32 } as const;

/**
 * Reads `sha256:<hex>`, `md5:<hex>`, or bare hexadecimal whose length tells which.
 * @param path the field's name, for the error
 * @throws ValidationError
 */
export function parseChecksum(text: string, path = 'checksum'): Checksum {
  const match = form.exec(text.trim());
  const hex = match?.[2]?.toLowerCase() ?? '';
  const named = match?.[1]?.toLowerCase() as Checksum['algorithm'] | undefined;
  const algorithm = named ?? (hex.length === lengths.md5 ? 'md5' : 'sha256');
  if (hex.length === lengths[algorithm]) return { algorithm, hex };
  const message = 'must be sha256:<64 hexadecimal digits>, md5:<32>, or the digits alone';
  throw new ValidationError(`${path} ${message}.`, { problems: [{ path, message }] });
}
