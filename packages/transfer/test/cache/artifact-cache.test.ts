import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downloadFile } from '../../src/index.ts';
import { fakeBackend } from '../fake-backend.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { mebibyte, sha256 } from '../tools.ts';

async function place(content: Buffer = randomBytes(100_000), maxBytes = 10 * mebibyte) {
  const backend = fakeBackend();
  await backend.put('key', content);
  const root = temporaryFolder();
  const problems: unknown[] = [];
  const cache = {
    folder: join(root, 'cache'),
    maxBytes,
    onProblem: (problem: unknown) => void problems.push(problem),
  };
  const download = (target: string, bytes = content, key = 'key') =>
    downloadFile({
      backend,
      key,
      target: join(root, target),
      expected: { sha256: sha256(bytes), sizeBytes: bytes.length },
      cache,
    });
  return { backend, root, cache, problems, content, download, entry: join(cache.folder, sha256(content)) };
}

/** Puts further objects, and pretends that they were cached so many seconds ago. */
function cachedAgo(folder: string, bytes: Buffer, seconds: number): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, sha256(bytes));
  writeFileSync(path, bytes);
  const then = Date.now() / 1000 - seconds;
  utimesSync(path, then, then);
  return path;
}

describe('the cache of artifacts', () => {
  it('keeps what was downloaded, and serves it without asking the store', async () => {
    const { backend, root, content, problems, download } = await place();
    expect(await download('first')).toMatchObject({ fromCache: false });
    await backend.delete('key');
    expect(await download('second')).toMatchObject({
      fromCache: true,
      sha256: sha256(content),
      sizeBytes: content.length,
    });
    expect(readFileSync(join(root, 'second')).equals(content)).toBe(true);
    expect(readdirSync(root).toSorted()).toEqual(['cache', 'first', 'second']);
    expect(problems).toEqual([]);
  });

  it('serves large files, hashed in a thread', async () => {
    const content = randomBytes(5 * mebibyte + 3);
    const { root, download } = await place(content);
    await download('first');
    expect(await download('second')).toMatchObject({ fromCache: true });
    expect(readFileSync(join(root, 'second')).equals(content)).toBe(true);
  });

  it('is not touched by what happens to a delivered file', async () => {
    const { root, content, download, entry } = await place();
    await download('first');
    writeFileSync(join(root, 'first'), 'edited in place');
    expect(readFileSync(entry).equals(content)).toBe(true);
  });

  it.each([
    ['a flipped bit', (bytes: Buffer) => Buffer.concat([Buffer.of((bytes[0] ?? 0) ^ 1), bytes.subarray(1)])],
    ['a missing end', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['something added', (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)])],
    ['nothing in it', () => Buffer.alloc(0)],
  ])('throws an entry out that has %s, and has it fetched again', async (_, damage) => {
    const { root, content, problems, download, entry } = await place();
    await download('first');
    writeFileSync(entry, damage(content));
    expect(await download('second')).toMatchObject({ fromCache: false });
    expect(readFileSync(join(root, 'second')).equals(content)).toBe(true);
    expect(problems).toHaveLength(1);
    // And kept again, whole.
    expect(await download('third')).toMatchObject({ fromCache: true });
  });

  it('does not follow links', async () => {
    const { root, cache, content, download, entry } = await place();
    mkdirSync(cache.folder);
    writeFileSync(join(root, 'elsewhere'), content);
    symlinkSync(join(root, 'elsewhere'), entry);
    expect(await download('first')).toMatchObject({ fromCache: false });
    expect(statSync(entry).isFile()).toBe(true);
    expect(readdirSync(cache.folder)).toEqual([sha256(content)]);
  });

  it('makes room by what was used least recently', async () => {
    const { cache, download, entry } = await place(randomBytes(300), 1000);
    const [old, older, used] = [randomBytes(300), randomBytes(300), randomBytes(300)];
    const paths = [cachedAgo(cache.folder, old, 100), cachedAgo(cache.folder, older, 200)];
    const usedPath = cachedAgo(cache.folder, used, 300);
    expect(await download('used', used)).toMatchObject({ fromCache: true });
    await download('new');
    expect([...paths, usedPath, entry].map((path) => existsSync(path))).toEqual([true, false, true, true]);
  });

  it('does not keep what is larger than all of it, and nothing goes for that', async () => {
    const { cache, download, entry } = await place(randomBytes(1001), 1000);
    const small = cachedAgo(cache.folder, randomBytes(10), 100);
    await download('first');
    expect([existsSync(entry), existsSync(small)]).toEqual([false, true]);
  });

  it('removes copies that nobody will finish, and leaves files alone that are not its own', async () => {
    const { cache, content, download } = await place();
    mkdirSync(cache.folder);
    const uuid = '0190a0b0-0000-4000-8000-000000000000';
    const stale = join(cache.folder, `.${uuid}.part`);
    for (const name of [stale, join(cache.folder, 'README')]) writeFileSync(name, 'x');
    const longAgo = Date.now() / 1000 - 2 * 24 * 3600;
    utimesSync(stale, longAgo, longAgo);
    await download('first');
    expect(readdirSync(cache.folder).toSorted()).toEqual([sha256(content), 'README'].toSorted());
  });

  it('may be used by many at once, while entries come and go', async () => {
    const contents = Array.from({ length: 6 }, () => randomBytes(50_000));
    const { backend, root, problems, download } = await place(contents[0], 150_000);
    for (const [index, bytes] of contents.entries()) await backend.put(`key-${index}`, bytes);
    const all = Array.from({ length: 60 }, async (_, round) => {
      const bytes = contents[round % 6] ?? Buffer.alloc(0);
      await download(`file-${round}`, bytes, `key-${round % 6}`);
      return readFileSync(join(root, `file-${round}`)).equals(bytes);
    });
    expect((await Promise.all(all)).every(Boolean)).toBe(true);
    expect(problems).toEqual([]);
  });

  it('that cannot be used does not keep a download from being made', async () => {
    const { root, cache, content, problems, download } = await place();
    writeFileSync(cache.folder, 'a file where the folder should be');
    expect(await download('first')).toMatchObject({ fromCache: false });
    expect(readFileSync(join(root, 'first')).equals(content)).toBe(true);
    expect(problems.length).toBeGreaterThan(0);
  });
});
