import { randomBytes } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { IntegrityError, StorageError } from '@buildstate/core/light';
import { describe, expect, it } from 'vitest';
import { type DownloadOptions, downloadFile } from '../../src/index.ts';
import { type FakeHooks, fakeBackend } from '../fake-backend.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { chunked, sha256 } from '../tools.ts';

const pieceBytes = 10_000;
const size = 20 * pieceBytes + 3;
const bytes = randomBytes(size);

/** Answers so many requests, then fails every one in a way that another day may not. */
function failingAfter(reads: number) {
  const state = { failing: true };
  const hooks: FakeHooks = {
    async *body(range, count) {
      if (state.failing && count > reads) {
        yield range.subarray(0, 100);
        throw new StorageError('The network is down.', { persistence: 'transient' });
      }
      yield* chunked(range, 3000);
    },
  };
  return { state, hooks };
}

async function interrupted(change: Partial<DownloadOptions> = {}) {
  const { state, hooks } = failingAfter(12);
  const backend = fakeBackend(hooks);
  await backend.put('key', bytes);
  const folder = temporaryFolder();
  const target = join(folder, 'image.raw');
  const expected = { sha256: sha256(bytes), sizeBytes: size };
  const options = { backend, key: 'key', target, expected, pieceBytes, lanes: 1, ...change };
  await expect(downloadFile(options)).rejects.toThrow('The network is down.');
  state.failing = false;
  const left = readdirSync(folder).toSorted();
  const [journal = '', part = ''] = left.map((name) => join(folder, name));
  return { backend, folder, target, options, left, journal, part };
}

describe('an interrupted download', () => {
  it('leaves its file and a journal, and nothing at the target', async () => {
    const { left, journal } = await interrupted();
    expect(left).toEqual([
      expect.stringMatching(/^\.bldst-.*\.json$/),
      expect.stringMatching(/^\.bldst-.*\.part$/),
    ]);
    expect(readFileSync(journal, 'utf8')).toContain(`[0,${pieceBytes}]`);
  });

  it('goes on with what is there: only what is missing is fetched', async () => {
    const { backend, folder, target, options } = await interrupted();
    const before = backend.reads.count;
    const result = await downloadFile(options);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(['image.raw']);
    expect(result.resumedBytes).toBe(12 * pieceBytes + 100);
    // The rest is 79,903 bytes, in pieces of 10,000.
    expect(backend.reads.count - before).toBe(8);
  });

  it('tells progress from there on', async () => {
    const { options } = await interrupted();
    const seen: number[] = [];
    await downloadFile({
      ...options,
      onProgress: ({ transferredBytes }) => void seen.push(transferredBytes),
    });
    expect(seen[0]).toBeGreaterThan(12 * pieceBytes);
    expect(seen.at(-1)).toBe(size);
  });

  it('may be interrupted again and again', async () => {
    const { backend, target, options } = await interrupted();
    const starts = new Set<number>();
    for (let round = 0; round < 4; round += 1) {
      const stop = new AbortController();
      const download = downloadFile({
        ...options,
        lanes: 1,
        signal: stop.signal,
        onProgress: ({ transferredBytes }) => {
          starts.add(transferredBytes);
          if (transferredBytes > (13 + round) * pieceBytes) stop.abort(new Error('enough'));
        },
      });
      await expect(download).rejects.toThrow('enough');
    }
    const before = backend.reads.count;
    await downloadFile(options);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(backend.reads.count - before).toBeLessThanOrEqual(5);
  });

  it.each([
    ['the object was replaced by the same bytes', { replace: bytes }],
    ['another SHA-256 is expected', { replace: randomBytes(size) }],
  ])('starts over when %s', async (_, { replace }) => {
    const { backend, folder, target, options } = await interrupted();
    await backend.put('key', replace);
    const before = backend.reads.count;
    const result = await downloadFile({ ...options, expected: { sha256: sha256(replace) } });
    expect(result.resumedBytes).toBe(0);
    expect(backend.reads.count - before).toBe(21);
    expect(readFileSync(target).equals(replace)).toBe(true);
    expect(readdirSync(folder)).toEqual(['image.raw']);
  });

  it('starts over when it was told to', async () => {
    const { folder, options } = await interrupted();
    expect((await downloadFile({ ...options, resume: false })).resumedBytes).toBe(0);
    expect(readdirSync(folder)).toEqual(['image.raw']);
  });

  it('is fetched again whole when what was left is damaged', async () => {
    const { folder, part, target, options } = await interrupted();
    const file = openSync(part, 'r+');
    writeSync(file, Buffer.of((bytes[5] ?? 0) ^ 1), 0, 1, 5);
    closeSync(file);
    const result = await downloadFile(options);
    expect(result.resumedBytes).toBe(0);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(['image.raw']);
  });

  it('leaves nothing when the bytes are wrong after that, too', async () => {
    const { backend, folder, options } = await interrupted();
    // The same version with other bytes: a store that rots.
    backend.objects.get('key')?.fill(0, size - 3);
    await expect(downloadFile(options)).rejects.toThrow(IntegrityError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not kept when no SHA-256 is expected, since nothing could prove it later', async () => {
    const { left } = await interrupted({ expected: { sizeBytes: size } });
    expect(left).toEqual([]);
  });

  it('goes on when the last line of the journal is torn', async () => {
    const { journal, target, options } = await interrupted();
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
    // As a process leaves it that is killed while it writes: without the line that lets go, so in its own name.
    const header = JSON.parse(lines[0] ?? '') as object;
    const gone = { ...header, holder: null };
    writeFileSync(journal, [JSON.stringify(gone), ...lines.slice(1, 4), '[30000,4'].join('\n'));
    const result = await downloadFile(options);
    expect(result.resumedBytes).toBeGreaterThan(0);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });
});

describe('what another download left', () => {
  it('is not touched while its process runs', async () => {
    const { folder, journal, part, target, options } = await interrupted();
    const [header = ''] = readFileSync(journal, 'utf8').split('\n');
    // Without the line that lets go, it is this very process that still writes it.
    writeFileSync(journal, `${header}\n[0,${pieceBytes}]\n`);
    expect((await downloadFile(options)).resumedBytes).toBe(0);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(
      [journal, part, target].map((path) => path.slice(folder.length + 1)).toSorted(),
    );
  });

  it('is taken over by one of several at once; all of them deliver', async () => {
    const { folder, target, options } = await interrupted();
    const results = await Promise.all(
      Array.from({ length: 5 }, () => downloadFile({ ...options, overwrite: true })),
    );
    expect(results.filter(({ resumedBytes }) => resumedBytes > 0)).toHaveLength(1);
    expect(readFileSync(target).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).toEqual(['image.raw']);
  });

  it('of another target stays, until nobody has written to it for a week', async () => {
    const { folder, journal, part, options } = await interrupted();
    const other = { ...options, target: join(folder, 'other.raw') };
    await downloadFile(other);
    expect(readdirSync(folder)).toHaveLength(3);
    const eightDaysAgo = Date.now() / 1000 - 8 * 24 * 3600;
    for (const path of [journal, part]) utimesSync(path, eightDaysAgo, eightDaysAgo);
    await downloadFile({ ...other, overwrite: true });
    expect(readdirSync(folder)).toEqual(['other.raw']);
  });

  it('is not believed when the file is a link, has another name too, or another size', async () => {
    const traps: readonly ((part: string, folder: string) => void)[] = [
      (part, folder) => {
        renameSync(part, join(folder, 'precious'));
        symlinkSync(join(folder, 'precious'), part);
      },
      (part, folder) => linkSync(part, join(folder, 'precious')),
      (part) => writeFileSync(part, 'short'),
      (part) => rmSync(part),
    ];
    for (const trap of traps) {
      const { folder, part, target, options } = await interrupted();
      trap(part, folder);
      expect((await downloadFile(options)).resumedBytes).toBe(0);
      expect(readFileSync(target).equals(bytes)).toBe(true);
      expect(readdirSync(folder).filter((name) => name.startsWith('.bldst-'))).toEqual([]);
    }
  });

  it('is of no use when its journal is', async () => {
    for (const text of ['', '{', '{}', '[]', 'null', '{"subject":null}\n', '{"subject":{}}\n']) {
      const { journal, target, options } = await interrupted();
      writeFileSync(journal, text);
      expect((await downloadFile(options)).resumedBytes).toBe(0);
      expect(readFileSync(target).equals(bytes)).toBe(true);
    }
  });
});
