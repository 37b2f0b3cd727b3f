import { hash } from 'node:crypto';

/** SHA-256 for what needs no keys: chains of events. */
export const sha256 = {
  /** SHA-256 of a text's UTF-8 bytes, or of bytes, hexadecimal. */
  sha256Hex: (data: string | Uint8Array): string => hash('sha256', data, 'hex'),
};
