/** A running SHA-256. One instance hashes one sequence of bytes. */
export interface Sha256 {
  /** Takes the next bytes in order. */
  update(bytes: Uint8Array): void;
  /** The digest of what was taken so far, without ending the hash: 64 lower-case hexadecimal characters. */
  soFar(): string;
  /** Ends the hash: 64 lower-case hexadecimal characters. The instance cannot be used afterwards. */
  hex(): string;
}

/** Bytes sealed with authenticated encryption. Everything in it may be stored in the clear. */
export interface SealedBox {
  /** Which key of the ring sealed it. */
  readonly keyId: string;
  /** Always AES-256-GCM today; opening refuses anything else. */
  readonly algorithm: 'AES-256-GCM';
  /** 96 random bits, base64url. */
  readonly nonce: string;
  /** Cipher text with the 128-bit tag at its end, base64url. */
  readonly ciphertext: string;
}

/**
 * Cryptography that the engine needs. All calls are synchronous: they handle small values; the bytes of
 * artifacts go through `sha256()` piece by piece.
 */
export interface Crypto {
  /** Starts a SHA-256. */
  sha256(): Sha256;
  /** SHA-256 of a text's UTF-8 bytes, or of bytes: 64 lower-case hexadecimal characters. */
  sha256Hex(data: string | Uint8Array): string;
  /** `length` bytes from the system's generator. */
  random(length: number): Uint8Array;
  /** Compares in time that depends on the lengths alone. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
  /** The keys that sign and seal. */
  readonly keys: KeyRing;
}

/** Keys with ids. The newest active one signs and seals; all active ones verify and open; retired ones do neither. */
export interface KeyRing {
  /** Whether the ring holds an active key. Without one, `sign` and `seal` throw. */
  readonly available: boolean;
  /** Whether the ring holds this key as a retired one. */
  isRetired(keyId: string): boolean;
  /**
   * HMAC-SHA256 of `bytes` with the newest key.
   * @throws KeyRingError when the ring has no active key
   */
  sign(bytes: Uint8Array): { readonly keyId: string; readonly signature: Uint8Array };
  /** Whether `signature` is right. False for unknown and retired keys as well. Constant time. */
  verify(keyId: string, bytes: Uint8Array, signature: Uint8Array): boolean;
  /**
   * 32 bytes that are good for one purpose alone, the same on every machine with the ring, for libraries that sign by
   * themselves.
   * @param keyId of which key. @default the newest
   * @returns `undefined` when the ring has no such active key
   */
  derive(purpose: string, keyId?: string): { readonly keyId: string; readonly bytes: Uint8Array } | undefined;
  /**
   * Seals a text for storage. `context` is bound to the result (additional authenticated data): opening
   * with another context fails, so that a sealed value cannot be moved to another record.
   * @throws KeyRingError when the ring has no active key
   */
  seal(plaintext: string, context: string): SealedBox;
  /**
   * Opens what `seal` made.
   * @throws KeyRingError when the key is unknown or retired, or the box was changed or moved
   */
  open(box: SealedBox, context: string): string;
}
