import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { KeyRing, SealedBox } from '@buildstate/core';
import { KeyRingError } from '@buildstate/core/light';
import type { DerivedKeys } from './derive-keys.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** A key of the ring, with what was derived from its secret. */
export interface RingKey {
  /** Its name in signatures and sealed values. */
  readonly id: string;
  /** Its subkeys. */
  readonly keys: DerivedKeys;
  /** From when on it neither signs nor verifies, in milliseconds since the epoch. @default never */
  readonly retiredAt?: number;
}

function hmac(key: KeyObject, bytes: Uint8Array): Buffer {
  return createHmac('sha256', key).update(bytes).digest();
}

/** Canonical base64url only, so that one value has one spelling. */
function decode(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new KeyRingError('A sealed value is not base64url.');
  return bytes;
}

/** A key ring over keys in memory. Holds them in private fields, so that printing or cloning it shows none. */
export class NodeKeyRing implements KeyRing {
  readonly #keys: readonly RingKey[];
  readonly #now: () => number;

  /**
   * @param keys oldest first; the last one that is not retired signs and seals
   * @param now milliseconds since the epoch, asked at every use: keys retire while a server runs
   */
  constructor(keys: readonly RingKey[], now: () => number) {
    this.#keys = [...keys];
    this.#now = now;
  }

  /** Whether there is a key to sign and seal with. */
  get available(): boolean {
    return this.#active().length > 0;
  }

  /** See `KeyRing.isRetired`. */
  isRetired(keyId: string): boolean {
    return this.#find(keyId) === undefined && this.#keys.some(({ id }) => id === keyId);
  }

  /** See `KeyRing.sign`. @throws KeyRingError when the ring is empty */
  sign(bytes: Uint8Array): { readonly keyId: string; readonly signature: Uint8Array } {
    const { id, keys } = this.#signer('sign');
    return { keyId: id, signature: new Uint8Array(hmac(keys.signing, bytes)) };
  }

  /** See `KeyRing.verify`. */
  verify(keyId: string, bytes: Uint8Array, signature: Uint8Array): boolean {
    const key = this.#find(keyId);
    if (key === undefined) return false;
    const expected = hmac(key.keys.signing, bytes);
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  }

  /** See `KeyRing.derive`. */
  derive(
    purpose: string,
    keyId?: string,
  ): { readonly keyId: string; readonly bytes: Uint8Array } | undefined {
    const key = keyId === undefined ? this.#active().at(-1) : this.#find(keyId);
    if (key === undefined) return undefined;
    const bytes = hmac(key.keys.deriving, Buffer.from(purpose));
    return { keyId: key.id, bytes: new Uint8Array(bytes) };
  }

  /** See `KeyRing.seal`. @throws KeyRingError when the ring is empty */
  seal(plaintext: string, context: string): SealedBox {
    const { id, keys } = this.#signer('seal');
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', keys.sealing, nonce, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return {
      keyId: id,
      algorithm: 'AES-256-GCM',
      nonce: nonce.toString('base64url'),
      ciphertext: sealed.toString('base64url'),
    };
  }

  /** See `KeyRing.open`. @throws KeyRingError */
  open(box: SealedBox, context: string): string {
    if (box.algorithm !== 'AES-256-GCM') throw new KeyRingError('A sealed value names an unknown algorithm.');
    const key = this.#find(box.keyId);
    if (key === undefined) {
      throw new KeyRingError(`Key ${box.keyId} is not in the key ring, or is retired.`, {
        context: { key_id: box.keyId },
      });
    }
    const nonce = decode(box.nonce);
    const sealed = decode(box.ciphertext);
    if (nonce.length !== nonceBytes || sealed.length < tagBytes) {
      throw new KeyRingError('A sealed value is cut short.');
    }
    try {
      const decipher = createDecipheriv('aes-256-gcm', key.keys.sealing, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(sealed.subarray(-tagBytes));
      return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]).toString(
        'utf8',
      );
    } catch (cause) {
      throw new KeyRingError('A sealed value was changed, or moved from the record that it was sealed for.', {
        cause,
      });
    }
  }

  #active(): readonly RingKey[] {
    const now = this.#now();
    return this.#keys.filter((key) => key.retiredAt === undefined || key.retiredAt > now);
  }

  #find(id: string): RingKey | undefined {
    return this.#active().find((key) => key.id === id);
  }

  #signer(purpose: 'sign' | 'seal'): RingKey {
    const newest = this.#active().at(-1);
    if (newest !== undefined) return newest;
    throw new KeyRingError(
      `There is no key to ${purpose} with. Set BLDST_KEYRING_FILE, BLDST_KEYRING or ARTIFACT_SIGNING_KEY.`,
    );
  }
}
