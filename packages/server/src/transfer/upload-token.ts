import { type KeyRing, NotFoundError, type UploadHandle } from '@buildstate/core';
import { z } from 'zod';

/** What an upload id says: everything that a server needs to go on with an upload, so that none keeps a list. */
export interface UploadFacts {
  /** UUID of the build. */
  readonly buildId: string;
  /** UUID of its project, for keys that are bound to one. */
  readonly projectId: string;
  /** The backend's upload. */
  readonly handle: UploadHandle;
  /** Size of every part but the last, in bytes. */
  readonly partBytes: number;
}

/** Bound to every signature, so that no signature made for another purpose is taken for an upload id. */
const purpose = 'buildstate upload id 1\n';

const shape = z.strictObject({
  b: z.string(),
  p: z.string(),
  k: z.string(),
  u: z.string(),
  s: z.int().min(1),
});

function base64url(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString('base64url');
}

/** Bytes of base64url in its one canonical spelling, so that an upload has one id. @throws NotFoundError for others */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw unknown();
  return bytes;
}

function unknown(): NotFoundError {
  return new NotFoundError('There is no such upload. Begin a new one with POST /builds/{build_id}/uploads.');
}

/**
 * Makes an upload id: opaque, signed, good on every server with the same key ring.
 * @throws KeyRingError without a key
 */
export function sealUpload(facts: UploadFacts, keys: KeyRing): string {
  const { buildId: b, projectId: p, handle, partBytes: s } = facts;
  const payload = base64url(JSON.stringify({ b, p, k: handle.key, u: handle.uploadId, s }));
  const { keyId, signature } = keys.sign(Buffer.from(purpose + payload));
  return `${payload}.${base64url(keyId)}.${base64url(signature)}`;
}

/**
 * Reads an upload id.
 * @throws NotFoundError when it was not made by this ring, whatever is wrong with it
 */
export function openUpload(id: string, keys: KeyRing): UploadFacts {
  const [payload, keyId, signature, ...rest] = id.split('.');
  if (payload === undefined || keyId === undefined || signature === undefined || rest.length > 0)
    throw unknown();
  const signed = Buffer.from(purpose + payload);
  if (!keys.verify(bytesOf(keyId).toString(), signed, bytesOf(signature))) throw unknown();
  // The signature is good: the payload is what `sealUpload` wrote.
  const { b, p, k, u, s } = shape.parse(JSON.parse(bytesOf(payload).toString()));
  return { buildId: b, projectId: p, handle: { key: k, uploadId: u }, partBytes: s };
}
