import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AlreadyExistsError,
  IntegrityError,
  NoSpaceError,
  StorageChangedError,
  StorageError,
  StorageNotFoundError,
  TimeoutError,
  ValidationError,
} from '@buildstate/core/light';
import { manualClock } from '@buildstate/tooling/manual-clock';
import { describe, expect, it } from 'vitest';
import { downloadFile, type TransferProgress, verifyObject } from '../../src/index.ts';
import { type FakeHooks, fakeBackend } from '../fake-backend.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { chunked, crypto, mebibyte, sha256 } from '../tools.ts';

/** A backend with one object, and an empty folder to download it to. */
async function place(bytes: Buffer, hooks: FakeHooks = {}) {
  const backend = fakeBackend(hooks);
  await backend.put('key', bytes);
  const folder = temporaryFolder();
  const target = join(folder, 'image.raw');
  const expected = { sha256: sha256(bytes), sizeBytes: bytes.length };
  return { backend, folder, target, options: { backend, key: 'key', target, expected, crypto } };
}

describe('a download', () => {
  it.each([0, 1, 262_144, 262_145, 3 * mebibyte + 5])('delivers %i bytes, proved', async (size) => {
    const bytes = randomBytes(size);
    const { folder, target, options } = await place(bytes);
    const result = await downloadFile(options);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(result).toMatchObject({ path: target, sizeBytes: size, sha256: sha256(bytes), info: { size } });
    expect(readdirSync(folder)).toEqual(['image.raw']);
  });

  it.each([1, 7, 100_000, 700_000])('delivers chunks of %i bytes', async (chunk) => {
    const bytes = randomBytes(chunk < 10 ? 300_000 : 2 * mebibyte);
    const { target, options } = await place(bytes, { body: (content) => chunked(content, chunk) });
    await downloadFile(options);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it('makes the folders above the target', async () => {
    const { folder, options } = await place(Buffer.from('x'));
    await downloadFile({ ...options, target: join(folder, 'a', 'b', 'image.raw') });
    expect(readFileSync(join(folder, 'a', 'b', 'image.raw'), 'utf8')).toBe('x');
  });

  it('checks an MD5 where that is all there is', async () => {
    const bytes = randomBytes(1000);
    const { options } = await place(bytes);
    const md5 = createHash('md5').update(bytes).digest('hex');
    await downloadFile({ ...options, expected: { md5: md5.toUpperCase() } });
    const wrong = downloadFile({ ...options, expected: { md5: '0'.repeat(32) }, overwrite: true });
    await expect(wrong).rejects.toThrow(IntegrityError);
  });

  it('tells progress that only grows and ends with everything', async () => {
    const { options } = await place(randomBytes(mebibyte));
    const seen: TransferProgress[] = [];
    await downloadFile({ ...options, onProgress: (progress) => void seen.push(progress) });
    const counts = seen.map(({ transferredBytes }) => transferredBytes);
    expect(counts.toSorted((a, b) => a - b)).toEqual(counts);
    expect(seen.at(-1)).toMatchObject({ transferredBytes: mebibyte, totalBytes: mebibyte });
  });
});

describe('a download that delivers wrong bytes leaves nothing', () => {
  const bytes = randomBytes(700_000);

  async function expectNothing(hooks: FakeHooks, error: new (message: string) => Error): Promise<void> {
    const { folder, options } = await place(bytes, hooks);
    await expect(downloadFile(options)).rejects.toThrow(error);
    expect(readdirSync(folder)).toEqual([]);
  }

  it('when a bit is flipped, wherever', async () => {
    for (const at of [0, 1, 262_143, 262_144, 699_999]) {
      const flip = (content: Buffer) => {
        const changed = Buffer.from(content);
        changed[at] = (changed[at] ?? 0) ^ 1;
        return chunked(changed, 65_536);
      };
      await expectNothing({ body: flip }, IntegrityError);
    }
  });

  it('when the body ends early without saying so, at many places', async () => {
    for (const length of [0, 1, 65_535, 65_536, 262_144, 524_288, 699_999]) {
      await expectNothing(
        { body: (content) => chunked(content.subarray(0, length), 65_536) },
        IntegrityError,
      );
    }
  });

  it('when the body ends early, also where no digest is recorded', async () => {
    const { folder, options } = await place(bytes, { body: (content) => chunked(content.subarray(1), 1000) });
    await expect(downloadFile({ ...options, expected: {} })).rejects.toThrow(IntegrityError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('when the body goes on after the end', async () => {
    const more = (content: Buffer) => chunked(Buffer.concat([content, Buffer.of(1)]), 65_536);
    await expectNothing({ body: more }, IntegrityError);
  });

  it('when the body breaks off', async () => {
    async function* broken(content: Buffer) {
      yield content.subarray(0, 400_000);
      throw new StorageError('The connection broke.', { persistence: 'transient' });
    }
    await expectNothing({ body: broken }, StorageError);
  });

  it('when the object is another one of the same size', async () => {
    const { backend, folder, options } = await place(bytes);
    await backend.put('key', randomBytes(700_000));
    await expect(downloadFile(options)).rejects.toThrow(/integrity check failed/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('when the size is not the recorded one, without reading a byte', async () => {
    const { backend, options } = await place(bytes);
    const expected = { ...options.expected, sizeBytes: 700_001 };
    await expect(downloadFile({ ...options, expected })).rejects.toThrow(IntegrityError);
    expect(backend.reads.count).toBe(0);
  });

  it('and keeps the file that was there', async () => {
    const { folder, target, options } = await place(bytes, {
      body: (content) => chunked(content.subarray(1), 1000),
    });
    writeFileSync(target, 'precious');
    await expect(downloadFile({ ...options, overwrite: true })).rejects.toThrow(IntegrityError);
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(readdirSync(folder)).toEqual(['image.raw']);
  });
});

describe('the target of a download', () => {
  it('is not replaced unless that was asked for', async () => {
    const { backend, target, options } = await place(Buffer.from('new'));
    writeFileSync(target, 'old');
    await expect(downloadFile(options)).rejects.toThrow(AlreadyExistsError);
    expect(backend.reads.count).toBe(0);
    await downloadFile({ ...options, overwrite: true });
    expect(readFileSync(target, 'utf8')).toBe('new');
  });

  it('is not replaced either when it appears during the download', async () => {
    const { folder, target, options } = await place(Buffer.from('new'), {
      body(bytes) {
        writeFileSync(target, 'appeared');
        return chunked(bytes, 10);
      },
    });
    await expect(downloadFile(options)).rejects.toThrow(AlreadyExistsError);
    expect(readFileSync(target, 'utf8')).toBe('appeared');
    expect(readdirSync(folder)).toEqual(['image.raw']);
  });

  it('is never written through a symbolic link', async () => {
    const { folder, target, options } = await place(Buffer.from('new'));
    writeFileSync(join(folder, 'precious'), 'precious');
    symlinkSync(join(folder, 'precious'), target);
    await expect(downloadFile(options)).rejects.toThrow(AlreadyExistsError);
    await downloadFile({ ...options, overwrite: true });
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious');
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(() => readlinkSync(target)).toThrow();
  });

  it('may not be a folder', async () => {
    const { folder, options } = await place(Buffer.from('new'));
    mkdirSync(join(folder, 'sub'));
    const download = downloadFile({ ...options, target: join(folder, 'sub'), overwrite: true });
    await expect(download).rejects.toThrow(ValidationError);
  });

  it('may have the longest name that a file can have', async () => {
    const { folder, options } = await place(Buffer.from('new'));
    const target = join(folder, 'x'.repeat(255));
    await downloadFile({ ...options, target });
    expect(readFileSync(target, 'utf8')).toBe('new');
  });

  it('is not begun when the disk has no room for it', async () => {
    const { backend, folder, options } = await place(Buffer.from('new'), {
      info: (info) => ({ ...info, size: 2 ** 52 }),
    });
    const download = downloadFile({ ...options, expected: {} });
    await expect(download).rejects.toThrow(NoSpaceError);
    await expect(download).rejects.toThrow(/bytes free/);
    expect(backend.reads.count).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a download of something else', () => {
  it('fails when there is no such object, and for hostile keys', async () => {
    const { options } = await place(Buffer.from('x'));
    await expect(downloadFile({ ...options, key: 'other' })).rejects.toThrow(StorageNotFoundError);
    await expect(downloadFile({ ...options, key: '../key' })).rejects.toThrow(ValidationError);
  });

  it('starts again once when the object is replaced, and delivers the new version whole', async () => {
    const [first, second] = [randomBytes(500_000), randomBytes(400_000)];
    const setup = await place(first, {
      async *body(bytes, reads) {
        yield bytes.subarray(0, 300_000);
        if (reads === 1) {
          await setup.backend.put('key', second);
          throw new StorageChangedError('The object was replaced meanwhile.');
        }
        yield bytes.subarray(300_000);
      },
    });
    const expected = { sha256: sha256(second) };
    await downloadFile({ ...setup.options, expected });
    expect(readFileSync(setup.target).equals(second)).toBe(true);
  });

  it('fails when the object keeps being replaced', async () => {
    const setup = await place(randomBytes(10), {
      body() {
        throw new StorageChangedError('The object was replaced meanwhile.');
      },
    });
    await expect(downloadFile(setup.options)).rejects.toThrow(StorageChangedError);
    expect(setup.backend.reads.count).toBe(2);
    expect(readdirSync(setup.folder)).toEqual([]);
  });
});

describe('a download that does not get on', () => {
  async function* stalls(bytes: Buffer) {
    yield bytes.subarray(0, 5);
    await new Promise(() => undefined);
  }

  it('fails when no byte arrives for the idle time, and leaves nothing', async () => {
    const { folder, options } = await place(randomBytes(100), { body: stalls });
    const download = downloadFile({ ...options, idleTimeoutMs: 50 });
    await expect(download).rejects.toThrow(TimeoutError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('waits 30 s unless told otherwise', async () => {
    const clock = manualClock();
    const { options } = await place(randomBytes(100), { onStat: () => new Promise(() => undefined) });
    let failed = false;
    const download = downloadFile({ ...options, clock }).catch((error: unknown) => {
      failed = true;
      return error;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await clock.advance(29_999);
    expect(failed).toBe(false);
    await clock.advance(5001);
    expect(await download).toMatchObject({ kind: 'timeout' });
  });

  it('ends with the reason of its signal, and leaves nothing', async () => {
    const { folder, options } = await place(randomBytes(100), { body: stalls });
    const controller = new AbortController();
    const download = downloadFile({ ...options, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 30);
    await expect(download).rejects.toThrow('enough');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('verifying an object', () => {
  it('reads and proves it, and keeps nothing', async () => {
    const bytes = randomBytes(mebibyte);
    const { folder, options } = await place(bytes);
    const { target: _, ...rest } = options;
    expect(await verifyObject(rest)).toMatchObject({ sha256: sha256(bytes), sizeBytes: mebibyte });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fails for a damaged one', async () => {
    const { options } = await place(randomBytes(1000));
    const expected = { sha256: '0'.repeat(64) };
    await expect(verifyObject({ ...options, expected })).rejects.toThrow(IntegrityError);
  });

  it('tells the digest of one whose digest is not recorded', async () => {
    const bytes = randomBytes(1000);
    const { options } = await place(bytes);
    expect((await verifyObject({ ...options, expected: {} })).sha256).toBe(sha256(bytes));
  });
});
