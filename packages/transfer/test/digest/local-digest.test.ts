import { randomBytes } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntegrityError } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { localSha256 } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { crypto, mebibyte, sha256 } from '../tools.ts';

describe('the digest of a local file', () => {
  it.each([0, 1, mebibyte - 1, 2 * mebibyte, 2 * mebibyte + 1, 5 * mebibyte + 3])(
    'is right for %i bytes',
    async (size) => {
      const bytes = randomBytes(size);
      const path = join(temporaryFolder(), 'file');
      writeFileSync(path, bytes);
      expect(await localSha256(path, { crypto })).toEqual({ sha256: sha256(bytes), sizeBytes: size });
    },
  );

  it('is refused when the file changes meanwhile', async () => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, randomBytes(8 * mebibyte));
    let updates = 0;
    const changing = {
      sha256() {
        const real = crypto.sha256();
        return {
          soFar: () => real.soFar(),
          hex: () => real.hex(),
          update(bytes: Uint8Array) {
            updates += 1;
            if (updates === 3) appendFileSync(path, 'more');
            real.update(bytes);
          },
        };
      },
    };
    await expect(localSha256(path, { crypto: changing })).rejects.toThrow(IntegrityError);
  });

  it('ends with the reason of its signal', async () => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, 'x');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(localSha256(path, { crypto, signal })).rejects.toThrow('enough');
  });
});
