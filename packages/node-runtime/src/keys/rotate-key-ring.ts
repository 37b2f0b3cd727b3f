import { type Logger, NotFoundError, silentLogger } from '@buildstate/core/light';
import { withFileLock } from '../files/file-lock.ts';
import { writeFileAtomic } from '../files/write-file-atomic.ts';
import { type KeyEntry, newKeyEntry, serialiseKeyRing } from './key-ring-document.ts';
import { readKeyRingFile } from './key-ring-file.ts';

/** How keys are rotated. */
export interface RotateOptions {
  /** Ids of keys that neither sign nor verify from now on. @default [] */
  readonly retire?: readonly string[];
  /** Told when the file can be read by others. @default silent */
  readonly logger?: Logger;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

function refuseUnknown(keys: readonly KeyEntry[], retire: readonly string[], file: string): void {
  const known = keys.map(({ id }) => id);
  const unknown = retire.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw new NotFoundError(`Key ring ${file} has no key "${unknown}". It has ${known.join(', ')}.`);
}

/**
 * Adds a new key, which signs and seals from the next load on; the others go on verifying and opening unless
 * they are named in `retire`. Atomic, and safe against another rotation at the same time.
 * @returns the id of the new key
 * @throws ConfigurationError when the file cannot be used or another process is rotating it
 * @throws NotFoundError when a key to retire is not in the ring; nothing is changed then
 */
export async function rotateKeyRing(file: string, options: RotateOptions = {}): Promise<string> {
  const { retire = [], logger = silentLogger, now = Date.now } = options;
  return await withFileLock(file, async () => {
    const document = await readKeyRingFile(file, { allowWeak: false, logger });
    refuseUnknown(document.keys, retire, file);
    const at = new Date(now());
    const kept = document.keys.map((entry): KeyEntry => {
      const retires = retire.includes(entry.id) && entry.retired_at === undefined;
      return retires ? { ...entry, retired_at: at.toISOString() } : entry;
    });
    const added = newKeyEntry(at);
    await writeFileAtomic(file, serialiseKeyRing({ version: 1, keys: [...kept, added] }), { mode: 0o600 });
    return added.id;
  });
}
