/** The only algorithm there is. Another name in an envelope is refused, whatever it says. */
export const algorithm = 'HMAC-SHA256';

/** Keeps signatures of envelopes apart from anything else that the same key ring signs. */
const purpose = 'buildstate-artifact-v1';

/**
 * What the signature covers: purpose, algorithm, key id and the payload's base64url text, one per line, in
 * ASCII. None of the first three can hold a line break, so no two envelopes share these bytes.
 */
export function signedBytes(keyId: string, payload: string): Uint8Array {
  return new TextEncoder().encode([purpose, algorithm, keyId, payload].join('\n'));
}
