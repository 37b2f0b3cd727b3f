import type { ChainHead } from '../build/snapshot.ts';
import type { BuildEvent } from '../event/event.ts';
import type { KeyRing } from '../ports/crypto.ts';
import { fromHex, toHex } from '../text/bytes-as-text.ts';
import { canonicalJson } from '../text/canonical-json.ts';

/** The end of the part of a chain that went, signed: from there the rest can be checked. */
export interface TrimCheckpoint extends ChainHead {
  /** Which key signed it. */
  readonly keyId: string;
  /** HMAC-SHA256 in hexadecimal. */
  readonly signature: string;
}

/** What is signed: a checkpoint is good for one build and for nothing else. */
function signedBytes(buildId: string, { seq, hash }: ChainHead): Uint8Array {
  return new TextEncoder().encode(
    canonicalJson({ purpose: 'history of a build that was trimmed', build_id: buildId, seq, hash }),
  );
}

/** Signs where a chain is cut. @throws KeyRingError when there is no key */
export function signCut(buildId: string, { seq, hash }: ChainHead, keys: KeyRing): TrimCheckpoint {
  const { keyId, signature } = keys.sign(signedBytes(buildId, { seq, hash }));
  return { seq, hash, keyId, signature: toHex(signature) };
}

/** The checkpoint that an event of a trimmed history carries; `undefined` for any other event. */
export function checkpointIn({ type, data }: BuildEvent): TrimCheckpoint | undefined {
  if (type !== 'build.trimmed' || typeof data.checkpoint !== 'object' || data.checkpoint === null)
    return undefined;
  const { seq, hash, key_id: keyId, signature } = data.checkpoint as Record<string, unknown>;
  if (typeof seq !== 'number' || typeof hash !== 'string') return undefined;
  return { seq, hash, keyId: String(keyId), signature: String(signature) };
}

/** Whether the key ring signed a checkpoint. */
export function isSignedCheckpoint(buildId: string, checkpoint: TrimCheckpoint, keys: KeyRing): boolean {
  return keys.verify(checkpoint.keyId, signedBytes(buildId, checkpoint), fromHex(checkpoint.signature));
}
