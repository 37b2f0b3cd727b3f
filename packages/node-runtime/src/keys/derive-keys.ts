import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** What is derived from one secret. Key objects, because they do not show their bytes when printed. */
export interface DerivedKeys {
  /** For HMAC-SHA256. */
  readonly signing: KeyObject;
  /** For AES-256-GCM. */
  readonly sealing: KeyObject;
  /** For HMAC-SHA256 that makes further keys. */
  readonly deriving: KeyObject;
}

/** A 32-byte subkey by HKDF-SHA256 (RFC 5869) without salt; `purpose` keeps the uses of a secret apart. */
function subkey(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), `buildstate/v1/${purpose}`, 32));
}

/** Separate keys for separate uses, so that a weakness in one use never touches the other. */
export function deriveKeys(secret: Uint8Array): DerivedKeys {
  return {
    signing: createSecretKey(subkey(secret, 'sign')),
    sealing: createSecretKey(subkey(secret, 'seal')),
    deriving: createSecretKey(subkey(secret, 'derive')),
  };
}

/** A short name for a secret that has none: equal on every machine that has the secret, and reveals nothing of it. */
export function derivedKeyId(secret: Uint8Array): string {
  return `single-${Buffer.from(subkey(secret, 'key-id')).toString('hex').slice(0, 16)}`;
}
