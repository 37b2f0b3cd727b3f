import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NoSpaceError } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { downloadFile } from '../../src/index.ts';
import { fakeBackend } from '../fake-backend.ts';
import { chunked, crypto, mebibyte, sha256 } from '../tools.ts';
import { canMount, smallDisk } from './small-disk.ts';

describe.runIf(canMount)('a download to a disk that is too small', () => {
  it('is refused before the first byte', async () => {
    const folder = smallDisk(mebibyte);
    const bytes = randomBytes(2 * mebibyte);
    const backend = fakeBackend();
    await backend.put('key', bytes);
    const target = join(folder, 'image');
    const download = downloadFile({ backend, key: 'key', target, expected: {}, crypto });
    await expect(download).rejects.toThrow(NoSpaceError);
    expect(backend.reads.count).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names the full disk when somebody else fills it meanwhile, leaves nothing, and works again afterwards', async () => {
    const folder = smallDisk(2 * mebibyte);
    const bytes = randomBytes(mebibyte);
    let filled = false;
    const backend = fakeBackend({
      body(content) {
        if (!filled) writeFileSync(join(folder, 'filler'), Buffer.alloc(1.5 * mebibyte));
        filled = true;
        return chunked(content, 65_536);
      },
    });
    await backend.put('key', bytes);
    const target = join(folder, 'image');
    const options = { backend, key: 'key', target, expected: { sha256: sha256(bytes) }, crypto };
    const download = downloadFile(options);
    await expect(download).rejects.toThrow(NoSpaceError);
    await expect(download).rejects.toThrow(/disk is full/);
    expect(readdirSync(folder)).toEqual(['filler']);
    rmSync(join(folder, 'filler'));
    await downloadFile(options);
    expect(readdirSync(folder)).toEqual(['image']);
  });
});
