import { hash, timingSafeEqual } from 'node:crypto';

/** An API key taken apart. */
export interface ApiKey {
  /** The public part: 16 lower-case hexadecimal characters. */
  readonly id: string;
  /** 256 random bits as base64url. */
  readonly secret: string;
}

const format = /^bldst_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** The parts of `bldst_<id>_<secret>`, or `undefined` when the text is no API key. */
export function parseApiKey(text: string): ApiKey | undefined {
  const [, id, secret] = format.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** SHA-256 of a secret, as it is stored: 64 lower-case hexadecimal characters. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** What the secrets of unknown keys are compared with, so that they take as long as known ones. */
const nobody = hashSecret('nobody');

/**
 * Whether a secret hashes to what is stored, in time that does not depend on either.
 * @param stored the stored hash; `undefined` for an unknown key, which costs the same and never matches
 */
export function secretMatches(secret: string, stored: string | undefined): boolean {
  const expected = Buffer.from(stored ?? nobody, 'latin1');
  const actual = Buffer.from(hashSecret(secret), 'latin1');
  const same = expected.length === actual.length && timingSafeEqual(expected, actual);
  return same && stored !== undefined;
}
