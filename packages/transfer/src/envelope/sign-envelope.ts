import type { KeyRing } from '@buildstate/core';
import { ValidationError } from '@buildstate/core/light';
import { type ArtifactPayload, payloadProblems } from './artifact-payload.ts';
import { algorithm, signedBytes } from './signed-bytes.ts';
import { parseStrictJson } from './strict-json.ts';

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/**
 * Signs what is recorded about an artifact with the newest key. The result is to be stored and passed on as
 * these bytes: the payload inside is kept exactly as it was signed and is never written anew.
 * @returns JSON in UTF-8: `{ "kid", "alg", "payload", "signature" }`, the last two base64url
 * @throws ValidationError for fields, IntegrityError for texts, that could not be verified later; KeyRingError
 *   without an active key
 */
export function signEnvelope(payload: ArtifactPayload, keyRing: KeyRing): Uint8Array {
  const problems = payloadProblems(payload);
  if (problems.length > 0) {
    throw new ValidationError(`The artifact's metadata cannot be signed: check ${problems.join(', ')}.`, {
      problems: problems.map((path) => ({ path, message: 'is missing, unknown or malformed' })),
    });
  }
  const bytes = new TextEncoder().encode(JSON.stringify(payload));
  parseStrictJson("The artifact's metadata", bytes);
  const text = base64url(bytes);
  // The key's name is part of what is signed, and only signing tells which key is the newest.
  const { keyId } = keyRing.sign(new Uint8Array(0));
  const signed = keyRing.sign(signedBytes(keyId, text));
  // A key that retired in between: the next one signs.
  if (signed.keyId !== keyId) return signEnvelope(payload, keyRing);
  const envelope = { kid: keyId, alg: algorithm, payload: text, signature: base64url(signed.signature) };
  return new TextEncoder().encode(JSON.stringify(envelope));
}
