import { type Logger, silentLogger } from '@buildstate/core/light';
import { derivedKeyId } from './derive-keys.ts';
import { type KeyEntry, parseKeyRing } from './key-ring-document.ts';
import { readKeyRingFile } from './key-ring-file.ts';
import type { KeyRingSource } from './load-key-ring.ts';

/** A key of a ring without its secret. */
export interface KeyDescription {
  /** Its name in signatures and sealed values. */
  readonly id: string;
  /** When it was made; `null` for a single secret, which does not say. ISO 8601. */
  readonly createdAt: string | null;
  /** Since when it neither signs nor verifies; `null` for a key in use. ISO 8601. */
  readonly retiredAt: string | null;
  /** Whether it is the one that signs and seals. */
  readonly signs: boolean;
}

async function entriesOf(source: KeyRingSource, logger: Logger): Promise<readonly KeyEntry[]> {
  const { file, inline, allowWeak = false } = source;
  if (inline !== undefined) return parseKeyRing(inline, 'BLDST_KEYRING', allowWeak).keys;
  return file === undefined ? [] : (await readKeyRingFile(file, { allowWeak, logger })).keys;
}

/**
 * The keys of a ring, oldest first, without their secrets.
 * @throws ConfigurationError when the ring cannot be read; messages never hold a secret
 */
export async function describeKeyRing(source: KeyRingSource): Promise<readonly KeyDescription[]> {
  const { single, logger = silentLogger, now = Date.now } = source;
  if (single !== undefined) {
    return [{ id: derivedKeyId(Buffer.from(single.trim())), createdAt: null, retiredAt: null, signs: true }];
  }
  const keys = (await entriesOf(source, logger))
    .toSorted((a, b) => Date.parse(a.created_at) - Date.parse(b.created_at))
    .map(({ id, created_at, retired_at = null }) => ({ id, createdAt: created_at, retiredAt: retired_at }));
  const active = keys.filter(({ retiredAt }) => retiredAt === null || Date.parse(retiredAt) > now());
  return keys.map((key) => ({ ...key, signs: key === active.at(-1) }));
}
