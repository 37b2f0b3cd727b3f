import type { KeyRing } from '@buildstate/core';
import { ConfigurationError, type Logger, silentLogger } from '@buildstate/core/light';
import { derivedKeyId, deriveKeys } from './derive-keys.ts';
import { type KeyRingDocument, parseKeyRing } from './key-ring-document.ts';
import { makeKeyRingFile, readKeyRingFile } from './key-ring-file.ts';
import { NodeKeyRing } from './node-key-ring.ts';
import { weakness } from './weak-secret.ts';

/** Where keys come from. At most one of `file`, `inline` and `single`. */
export interface KeyRingSource {
  /** Path of a key ring file (`BLDST_KEYRING_FILE`). */
  readonly file?: string;
  /** The JSON text of a key ring (`BLDST_KEYRING`). */
  readonly inline?: string;
  /** One secret of at least 256 bits (`ARTIFACT_SIGNING_KEY`), taken as text. Its key id is derived from it. */
  readonly single?: string;
  /** Make `file` with a new key when it is not there. @default false */
  readonly makeIfMissing?: boolean;
  /** Accept short and placeholder secrets, for development only. @default false */
  readonly allowWeak?: boolean;
  /** Told when the file can be read by others. @default silent */
  readonly logger?: Logger;
  /** Milliseconds since the epoch; keys retire by it. @default Date.now */
  readonly now?: () => number;
}

function fromDocument(document: KeyRingDocument, now: () => number): KeyRing {
  // Sorting is stable: of two keys made in the same instant, the later entry is the newer one.
  const entries = document.keys.toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at));
  const keys = entries.map((entry) => ({
    id: entry.id,
    keys: deriveKeys(Buffer.from(entry.secret, 'base64url')),
    ...(entry.retired_at === undefined ? {} : { retiredAt: Date.parse(entry.retired_at) }),
  }));
  return new NodeKeyRing(keys, now);
}

function fromSecret(text: string, allowWeak: boolean, now: () => number): KeyRing {
  const weak = weakness(text);
  if (weak !== undefined && (!allowWeak || text.trim() === '')) {
    throw new ConfigurationError(
      `ARTIFACT_SIGNING_KEY ${weak}. Use 32 random bytes, such as the output of: openssl rand -hex 32`,
    );
  }
  const secret = Buffer.from(text.trim());
  return new NodeKeyRing([{ id: derivedKeyId(secret), keys: deriveKeys(secret) }], now);
}

/**
 * Loads the keys that sign and seal. Without a source the ring is empty: `available` is false, and signing and
 * sealing throw.
 * @throws ConfigurationError when more than one source is given, when a file is missing, unreadable or can be
 *   written by others, or when a secret is a placeholder or too short. Messages never hold a secret.
 */
export async function loadKeyRing(source: KeyRingSource = {}): Promise<KeyRing> {
  const { file, inline, single, allowWeak = false, logger = silentLogger, now = Date.now } = source;
  const given = { BLDST_KEYRING_FILE: file, BLDST_KEYRING: inline, ARTIFACT_SIGNING_KEY: single };
  const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (names.length > 1) {
    throw new ConfigurationError(`${names.join(' and ')} are both set. Keep the one that holds the keys.`);
  }
  if (single !== undefined) return fromSecret(single, allowWeak, now);
  if (inline !== undefined) return fromDocument(parseKeyRing(inline, 'BLDST_KEYRING', allowWeak), now);
  if (file === undefined) return new NodeKeyRing([], now);
  if (source.makeIfMissing === true) await makeKeyRingFile(file, new Date(now()));
  return fromDocument(await readKeyRingFile(file, { allowWeak, logger }), now);
}
