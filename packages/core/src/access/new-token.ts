import type { Crypto } from '../ports/crypto.ts';
import { toBase64url, toHex } from '../text/bytes-as-text.ts';
import type { ApiToken } from './api-token.ts';

const secretBytes = 32;
const idBytes = 8;

/**
 * Makes a key `bldst_<id>_<secret>` with a secret of 256 random bits. Only its SHA-256 is kept, so the key can
 * be shown this once.
 */
export function newToken(
  crypto: Pick<Crypto, 'random' | 'sha256Hex'>,
  fields: Pick<ApiToken, 'name' | 'scopes' | 'projectId' | 'expiresAt' | 'createdBy' | 'createdAt'>,
): { readonly token: ApiToken; readonly key: string } {
  const id = toHex(crypto.random(idBytes));
  const secret = toBase64url(crypto.random(secretBytes));
  const token = { ...fields, id, hash: crypto.sha256Hex(secret), lastUsedAt: null, revokedAt: null };
  return { token, key: `bldst_${id}_${secret}` };
}
