import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downloadFile } from '../../src/index.ts';
import { fakeBackend } from '../fake-backend.ts';
import { bodyBytes, cutBody, endings } from '../soak/cut-body.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { sha256 } from '../tools.ts';

/** The first and the last cuts, and many between; all of them are in `npm run soak -- download-cuts`. */
const lengths = Array.from({ length: bodyBytes }, (_, length) => length).filter(
  (length) => length < 32 || length >= bodyBytes - 32 || length % 127 === 0,
);

describe('a body of 64 KiB that is cut', () => {
  it.each(['quietly', 'broken'] as const)('%s never leaves a file', { timeout: 60_000 }, async (ending) => {
    expect(await cutBody(temporaryFolder(), endings[ending], lengths)).toEqual([]);
  });

  it('is gone on with from where it was cut', { timeout: 60_000 }, async () => {
    const bytes = randomBytes(bodyBytes);
    const expected = { sha256: sha256(bytes), sizeBytes: bodyBytes };
    const folder = temporaryFolder();
    const target = join(folder, 'image.raw');
    for (const pieceBytes of [1021, 4096, 65_535]) {
      for (let cut = 1; cut < bodyBytes; cut += 2500) {
        const { connection, backend } = cutAt(cut);
        await backend.put('key', bytes);
        const options = { backend, key: 'key', target, expected, pieceBytes, lanes: 3, overwrite: true };
        await expect(downloadFile(options)).rejects.toThrow('The connection broke.');
        connection.broken = false;
        await downloadFile(options);
        if (!readFileSync(target).equals(bytes)) expect.fail(`wrong bytes after a cut at ${cut}`);
      }
    }
    expect(readdirSync(folder)).toEqual(['image.raw']);
  });
});

/** A backend that serves nothing from one byte on while its connection is broken. */
function cutAt(cut: number) {
  const connection = { broken: true };
  const backend = fakeBackend({
    async *body(range, _reads, { start, end }) {
      const arrives = connection.broken && end > cut ? Math.max(0, cut - start) : range.length;
      yield range.subarray(0, arrives);
      if (arrives < range.length) throw endings.broken.error;
    },
  });
  return { connection, backend };
}
