import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { crashAtByte } from '../soak/crash-at-byte.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { sha256 } from '../tools.ts';

const partBytes = 4096;
const parts = 64;
const concurrency = 4;

/** Every boundary of parts, and one byte within each, which is near one of its ends or anywhere. */
function places(): readonly number[] {
  return Array.from({ length: parts }, (_, part) => {
    const start = part * partBytes;
    const within = [1, partBytes - 1, 2 + ((part * 997) % (partBytes - 3))][part % 3] ?? 1;
    return [start + within, start + partBytes];
  }).flat();
}

it('an upload of 256 KiB in parts of 4 KiB that dies at any byte is gone on with', {
  timeout: 240_000,
}, async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'image.raw');
  const bytes = randomBytes(parts * partBytes);
  writeFileSync(path, bytes);
  const expected = sha256(bytes);
  for (const at of places()) {
    const crash = { folder: join(folder, String(at)), path, bytes, partBytes, concurrency, at };
    const { repeatedBytes, ...outcome } = await crashAtByte(crash);
    expect(outcome, `died at byte ${at}`).toEqual({ sha256: expected, sameBytes: true, orphans: 0 });
    expect(repeatedBytes, `died at byte ${at}`).toBeLessThanOrEqual(concurrency * partBytes);
  }
});
