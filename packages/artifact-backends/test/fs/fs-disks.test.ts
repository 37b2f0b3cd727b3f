import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from '@buildstate/core/light';
import { createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';
import { uploadFile } from '@buildstate/transfer';
import { describe, expect, it } from 'vitest';
import { openFsBackend } from '../../src/fs/index.ts';
import { canMakeXfs, canMount, mount, smallDisk, xfsDisk } from '../mounts.ts';

const mebibyte = 1024 * 1024;
const crypto = createNodeCrypto(await loadKeyRing());
const full = { kind: 'no_space', persistence: 'permanent' };

describe.runIf(canMount)('a folder on a disk that is too small', () => {
  it('refuses an object that does not fit, leaves nothing, and takes one that does', async () => {
    const root = smallDisk(mebibyte);
    const backend = await openFsBackend({ root });
    await expect(backend.put('key', Buffer.alloc(2 * mebibyte))).rejects.toMatchObject(full);
    expect(readdirSync(join(root, '.bldst-uploads'))).toEqual([]);
    expect(await backend.stat('key')).toBeUndefined();
    await backend.put('key', Buffer.alloc(mebibyte / 2));
  });

  it('leaves nothing of an upload that cannot begin', async () => {
    const root = smallDisk(mebibyte);
    const backend = await openFsBackend({ root });
    await backend.probe();
    const filler = join(root, 'filler');
    expect(() => writeFileSync(filler, Buffer.alloc(2 * mebibyte))).toThrow(/ENOSPC/);
    await expect(backend.createUpload('key')).rejects.toMatchObject(full);
    expect(readdirSync(join(root, '.bldst-uploads'))).toEqual([]);
  });

  it('gives up an upload that does not fit, and frees its parts', async () => {
    const root = smallDisk(4 * mebibyte);
    const backend = await openFsBackend({ root });
    async function* stream() {
      for (let count = 0; count < 80; count += 1) yield randomBytes(100_000);
    }
    const upload = uploadFile({
      backend,
      key: 'key',
      source: { stream: stream() },
      crypto,
      partBytes: mebibyte,
    });
    await expect(upload).rejects.toThrow(StorageError);
    await expect(upload).rejects.toMatchObject(full);
    expect(readdirSync(join(root, '.bldst-uploads'))).toEqual([]);
    const { freeBytes = 0 } = await backend.probe();
    expect(freeBytes).toBeGreaterThan(3 * mebibyte);
  });

  it('tells in its probe that nothing can be written any more', async () => {
    const root = smallDisk(mebibyte);
    const backend = await openFsBackend({ root });
    await backend.probe();
    writeFileSync(join(root, 'filler'), Buffer.alloc(mebibyte - 16 * 1024));
    try {
      writeFileSync(join(root, 'filler-2'), Buffer.alloc(mebibyte));
    } catch {
      // The disk is full now, which is what is wanted.
    }
    expect(await backend.probe()).toMatchObject({ readable: true, writable: false, problem: /disk is full/ });
    rmSync(join(root, 'filler'));
    expect(await backend.probe()).toMatchObject({ readable: true, writable: true });
  });

  it('says so when a folder below is on another disk', async () => {
    const root = smallDisk(mebibyte);
    mkdirSync(join(root, 'other'));
    mount(join(root, 'other'), '-t', 'tmpfs', '-o', 'size=1m', 'none');
    const backend = await openFsBackend({ root });
    await expect(backend.put('other/key', Buffer.from('x'))).rejects.toThrow(/another file system/);
  });
});

describe.runIf(canMakeXfs)('a folder that shares a file system with the source', { timeout: 60_000 }, () => {
  it('clones it: no bytes are moved, and an edit of the source does not touch the object', async () => {
    const disk = xfsDisk();
    const bytes = randomBytes(64 * mebibyte);
    const source = join(disk, 'image.raw');
    writeFileSync(source, bytes);
    const free = () => statfsSync(disk).bavail * statfsSync(disk).bsize;
    const before = free();
    const backend = await openFsBackend({ root: join(disk, 'root') });
    const result = await uploadFile({ backend, key: 'key', source: { path: source }, crypto });
    expect(result).toMatchObject({ sizeBytes: bytes.length, sha256: crypto.sha256Hex(bytes) });
    expect(before - free()).toBeLessThan(8 * mebibyte);
    writeFileSync(source, 'edited', { flag: 'r+' });
    expect(readFileSync(join(disk, 'root', 'key')).equals(bytes)).toBe(true);
    expect(readdirSync(join(disk, 'root', '.bldst-uploads'))).toHaveLength(1);
  });

  it('copies what is on another one', async () => {
    const disk = xfsDisk();
    const bytes = randomBytes(20 * mebibyte);
    const source = join(smallDisk(30 * mebibyte), 'image.raw');
    writeFileSync(source, bytes);
    const backend = await openFsBackend({ root: disk });
    await uploadFile({ backend, key: 'key', source: { path: source }, crypto });
    expect(readFileSync(join(disk, 'key')).equals(bytes)).toBe(true);
  });
});
