import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ArtifactBackend } from '@buildstate/core';
import {
  StorageChangedError,
  StorageError,
  StorageNotFoundError,
  ValidationError,
} from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { openFsBackend } from '../../src/fs/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const content = Buffer.from('content');

async function place(): Promise<{ root: string; outside: string; backend: ArtifactBackend }> {
  const folder = temporaryFolder();
  const [root, outside] = [join(folder, 'root'), join(folder, 'outside')];
  mkdirSync(outside);
  return { root, outside, backend: await openFsBackend({ root }) };
}

async function keysOf(backend: ArtifactBackend): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of backend.list('')) keys.push(key);
  return keys;
}

describe('a folder with symbolic links in it', () => {
  it('is not left through a link to a folder, by any call', async () => {
    const { root, outside, backend } = await place();
    writeFileSync(join(outside, 'secret'), 'secret');
    mkdirSync(join(root, 'a'));
    symlinkSync(outside, join(root, 'a', 'link'));
    const upload = { key: 'a/link/new', uploadId: '' };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => backend.stat('a/link/secret'),
      () => backend.read('a/link/secret'),
      () => backend.put('a/link/new', content),
      () => backend.put('a/link/deep/new', content, { ifAbsent: true }),
      () => backend.createUpload(upload.key),
      () => backend.delete('a/link/secret'),
    ];
    for (const call of calls) await expect(call()).rejects.toThrow(StorageError);
    expect(readdirSync(outside)).toEqual(['secret']);
    expect(await keysOf(backend)).toEqual([]);
  });

  it('is not left through a link that appears while an upload is open', async () => {
    const { root, outside, backend } = await place();
    const upload = await backend.createUpload('a/new');
    const part = await backend.uploadPart(upload, { number: 1, offset: 0, bytes: content });
    symlinkSync(outside, join(root, 'a'));
    await expect(backend.completeUpload(upload, [part])).rejects.toThrow(StorageError);
    expect(readdirSync(outside)).toEqual([]);
  });

  it('does not read through a link to a file, and replaces the link itself', async () => {
    const { root, outside, backend } = await place();
    writeFileSync(join(outside, 'secret'), 'secret');
    symlinkSync(join(outside, 'secret'), join(root, 'key'));
    await expect(backend.stat('key')).rejects.toThrow(StorageError);
    await expect(backend.read('key')).rejects.toThrow(StorageError);
    await backend.put('key', content);
    expect(readFileSync(join(root, 'key'))).toEqual(content);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  it('does not stage uploads behind a link', async () => {
    const { root, outside, backend } = await place();
    symlinkSync(outside, join(root, '.bldst-uploads'));
    await expect(backend.put('key', content)).rejects.toThrow(StorageError);
    expect(readdirSync(outside)).toEqual([]);
  });

  it('may itself be behind a link', async () => {
    const { root, outside } = await place();
    symlinkSync(root, join(outside, 'link'));
    const backend = await openFsBackend({ root: join(outside, 'link') });
    await backend.put('key', content);
    expect(readFileSync(join(root, 'key'))).toEqual(content);
  });
});

describe('a folder with other things in it', () => {
  it('keeps its staging folder to itself', async () => {
    const { backend } = await place();
    const upload = await backend.createUpload('key');
    for (const key of [
      '.bldst-uploads',
      `.bldst-uploads/${upload.uploadId}/upload.json`,
      '.BLDST-Uploads/x',
    ]) {
      await expect(backend.put(key, content)).rejects.toThrow(ValidationError);
      await expect(backend.read(key)).rejects.toThrow(ValidationError);
    }
    expect(await keysOf(backend)).toEqual([]);
  });

  it('does not wait for a pipe that has the name of an object', { timeout: 5000 }, async () => {
    const { root, backend } = await place();
    execFileSync('mkfifo', [join(root, 'key')]);
    expect(await backend.stat('key')).toBeUndefined();
    await expect(backend.read('key')).rejects.toThrow(StorageNotFoundError);
    expect(await keysOf(backend)).toEqual([]);
  });

  it('does not list names that no key can have', async () => {
    const { root, backend } = await place();
    for (const name of ['ends with a dot.', 'back\\slash', 'aux.txt', 'good'])
      writeFileSync(join(root, name), '');
    expect(await keysOf(backend)).toEqual(['good']);
  });

  it('says that a key is a folder, or below an object, instead of a bare code', async () => {
    const { backend } = await place();
    await backend.put('a/b', content);
    await expect(backend.put('a', content)).rejects.toMatchObject({
      kind: 'conflict',
      persistence: 'permanent',
    });
    await expect(backend.put('a/b/c', content)).rejects.toMatchObject({ kind: 'conflict' });
    expect(await keysOf(backend)).toEqual(['a/b']);
  });
});

describe('an object that is edited in place while it is read', () => {
  it.each([
    ['grows', (path: string) => appendFileSync(path, 'more')],
    ['is rewritten', (path: string) => writeFileSync(path, Buffer.alloc(1_000_000, 2))],
    ['is cut', (path: string) => writeFileSync(path, '')],
  ])('fails the reader when it %s', async (_, edit) => {
    const { root, backend } = await place();
    await backend.put('key', Buffer.alloc(1_000_000, 1));
    const { body } = await backend.read('key');
    const read = (async () => {
      let first = true;
      for await (const _chunk of body) {
        if (first) edit(join(root, 'key'));
        first = false;
      }
    })();
    await expect(read).rejects.toThrow(StorageChangedError);
  });
});

describe('opening a folder', () => {
  it('makes it, but not below a mount point that is not there', async () => {
    const folder = temporaryFolder();
    await openFsBackend({ root: join(folder, 'a', 'b') });
    expect(existsSync(join(folder, 'a', 'b'))).toBe(true);
    const mountPoint = join(folder, 'share');
    const opening = openFsBackend({ root: join(mountPoint, 'builds'), mountPoint });
    await expect(opening).rejects.toThrow(/mounted/);
    expect(existsSync(mountPoint)).toBe(false);
  });

  it('says what is wrong when it cannot be made', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(openFsBackend({ root: join(folder, 'file', 'below') })).rejects.toThrow(StorageError);
  });
});
