import type { KeyRing } from '@buildstate/core';
import { IntegrityError } from '@buildstate/core/light';
import { type ArtifactPayload, payloadProblems } from './artifact-payload.ts';
import { algorithm, signedBytes } from './signed-bytes.ts';
import { parseStrictJson } from './strict-json.ts';

/** What the payload must say. Fields that are left out are not compared. */
export interface ExpectedPayload
  extends Partial<
    Pick<
      ArtifactPayload,
      'sha256' | 'size_bytes' | 'artifact_id' | 'build_id' | 'state_code' | 'attempt' | 'name'
    >
  > {
  /** The present moment, in milliseconds since the epoch: an expired envelope is refused. */
  readonly now: number;
}

/** Metadata is small; anything larger is not an envelope. */
const largestEnvelope = 1024 * 1024;
const fields = ['kid', 'alg', 'payload', 'signature'] as const;

type Envelope = Readonly<Record<(typeof fields)[number], string>>;

function refuse(reason: string, context: Readonly<Record<string, unknown>> = {}): IntegrityError {
  return new IntegrityError(`Signature verification failed: ${reason}.`, { context });
}

function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const record = value as Readonly<Record<string, unknown>>;
  return (
    Object.keys(record).length === fields.length && fields.every((name) => typeof record[name] === 'string')
  );
}

/** Canonical base64url only, so that one envelope has one spelling. */
function decode(text: string, field: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw refuse(`"${field}" is not base64url`);
  return bytes;
}

function parseEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length > largestEnvelope) throw refuse(`the envelope is larger than ${largestEnvelope} bytes`);
  const value = parseStrictJson('The envelope', bytes);
  if (!isEnvelope(value)) throw refuse(`the envelope must have exactly ${fields.join(', ')}, all texts`);
  // Compared before anything is computed: the key decides the algorithm, never the message.
  if (value.alg !== algorithm) throw refuse(`the algorithm must be ${algorithm}`);
  return value;
}

function checkExpected(payload: ArtifactPayload, expected: ExpectedPayload): void {
  const { now, ...fieldsExpected } = expected;
  const expiresAt = payload.expires_at;
  if (typeof expiresAt === 'string' && Date.parse(expiresAt) <= now) {
    throw new IntegrityError(`The artifact has expired at ${expiresAt}.`, {
      context: { expires_at: expiresAt },
    });
  }
  for (const [field, value] of Object.entries(fieldsExpected)) {
    const actual = payload[field as keyof ArtifactPayload];
    if (value === undefined || value === actual) continue;
    throw refuse(`${field} is not the expected one`, { field, expected: value, actual });
  }
}

/**
 * Checks an envelope, as stored, and answers what it says. Refused are: keys that the ring does not know or
 * that are retired, any other algorithm, any changed bit, unknown or doubled fields, expired ones, and payloads
 * that speak of something else than expected.
 * @param bytes exactly as they were stored; never parsed and written again in between
 * @throws IntegrityError
 */
export function verifyEnvelope(
  bytes: Uint8Array,
  keyRing: KeyRing,
  expected: ExpectedPayload,
): ArtifactPayload {
  const envelope = parseEnvelope(bytes);
  const signature = decode(envelope.signature, 'signature');
  const payloadBytes = decode(envelope.payload, 'payload');
  if (!keyRing.verify(envelope.kid, signedBytes(envelope.kid, envelope.payload), signature)) {
    throw refuse('the signature is wrong, or its key is unknown or retired', {
      key_id: envelope.kid.slice(0, 64),
    });
  }
  const payload = parseStrictJson("The envelope's payload", payloadBytes);
  const problems = payloadProblems(payload);
  if (problems.length > 0) throw refuse(`the payload has problems in ${problems.join(', ')}`);
  checkExpected(payload as ArtifactPayload, expected);
  return payload as ArtifactPayload;
}
