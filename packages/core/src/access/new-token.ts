import type { Crypto } from '../ports/crypto.ts';
import type { ApiToken } from './api-token.ts';

const secretBytes = 32;
const idBytes = 8;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function base64url(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,6}/g) ?? [])
    .map((six) => alphabet[Number.parseInt(six.padEnd(6, '0'), 2)])
    .join('');
}

/**
 * Makes a key `bldst_<id>_<secret>` with a secret of 256 random bits. Only its SHA-256 is kept, so the key can
 * be shown this once.
 */
export function newToken(
  crypto: Pick<Crypto, 'random' | 'sha256Hex'>,
  fields: Pick<ApiToken, 'name' | 'scopes' | 'projectId' | 'expiresAt' | 'createdBy' | 'createdAt'>,
): { readonly token: ApiToken; readonly key: string } {
  const id = [...crypto.random(idBytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const secret = base64url(crypto.random(secretBytes));
  const token = { ...fields, id, hash: crypto.sha256Hex(secret), lastUsedAt: null, revokedAt: null };
  return { token, key: `bldst_${id}_${secret}` };
}
