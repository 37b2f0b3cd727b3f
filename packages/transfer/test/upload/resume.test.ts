import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError, StorageNotFoundError } from '@buildstate/core/light';
import { beforeEach, describe, expect, it } from 'vitest';
import { UploadJournal, type UploadOptions, uploadFile, withUploadJournal } from '../../src/index.ts';
import { type FakeBackend, type FakeHooks, fakeBackend } from '../fake-backend.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { crypto, sha256 } from '../tools.ts';

const partBytes = 4096;
/** What hashes; a thread of its own when it is undefined. */
let hasher: typeof crypto | undefined;

/** One file, one place, one journal, and as many processes as a test wants to have died. */
function bench(size: number, limits: Parameters<typeof fakeBackend>[1] = {}) {
  const folder = temporaryFolder();
  const path = join(folder, 'image.raw');
  const bytes = randomBytes(size);
  writeFileSync(path, bytes);
  let hooks: FakeHooks = {};
  let sent = 0;
  const backend = fakeBackend(
    {
      async onPart(part, signal) {
        sent += part.bytes.length;
        await hooks.onPart?.(part, signal);
      },
      onPartStored: (part) => hooks.onPartStored?.(part),
      onComplete: () => hooks.onComplete?.(),
      onCompleted: () => hooks.onCompleted?.(),
      onCreated: () => hooks.onCreated?.(),
      onAbort: () => hooks.onAbort?.(),
      onList: () => hooks.onList?.(),
    },
    { maxPutBytes: 1, ...limits },
  );
  const names = ['this', 'there'];
  const run = (options: Partial<UploadOptions> = {}) =>
    withUploadJournal({ folder: join(folder, 'journals'), names }, (journal) =>
      uploadFile({
        backend,
        key: 'key',
        source: { path },
        crypto: hasher,
        partBytes,
        journal,
        ownKey: true,
        ...options,
      }),
    );
  return {
    backend,
    path,
    bytes,
    folder,
    journals: join(folder, 'journals'),
    run,
    /** Uploads until a hook says that the store is away: an interruption, after which the journal stays. */
    async interrupted(failing: FakeHooks): Promise<unknown> {
      hooks = failing;
      const error = await run({ concurrency: 1 }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      hooks = {};
      return error;
    },
    with(next: FakeHooks) {
      hooks = next;
    },
    /** Bytes of parts that arrived since it was asked last. */
    takeSent() {
      const count = sent;
      sent = 0;
      return count;
    },
  };
}

const away = () => new StorageError('The store is away.', { persistence: 'transient' });

/** Completes uploads that are open, and knows nothing of those that were completed. */
function completeOnce(backend: FakeBackend): FakeBackend['completeUpload'] {
  return (upload, parts) =>
    backend.open.has(upload.uploadId)
      ? backend.completeUpload(upload, parts)
      : Promise.reject(new StorageNotFoundError('No such upload.'));
}

/** Lets so many parts through, and then none. */
function failAfter(parts: number): FakeHooks {
  let count = 0;
  return {
    onPart() {
      count += 1;
      if (count > parts) throw away();
    },
  };
}

function expectStored(backend: FakeBackend, bytes: Buffer): void {
  expect(backend.objects.get('key')?.equals(bytes)).toBe(true);
  expect(backend.open.size).toBe(0);
}

describe.each([
  ['this thread', crypto],
  ['a thread of its own', undefined],
])('hashed by %s,', (_, given) => {
  beforeEach(() => {
    hasher = given;
  });

  describe('an upload that was interrupted', () => {
    it('is gone on with: what the store acknowledged is not sent again, and the SHA-256 is that of the file', async () => {
      const { backend, bytes, run, interrupted, takeSent } = bench(20 * partBytes + 17);
      expect(await interrupted(failAfter(12))).toBeInstanceOf(StorageError);
      expect(backend.open.size).toBe(1);
      takeSent();
      const result = await run();
      expect(result).toMatchObject({ sha256: sha256(bytes), sizeBytes: bytes.length, key: 'key' });
      expect(takeSent()).toBe(8 * partBytes + 17);
      expectStored(backend, bytes);
    });

    it('tells progress that begins with what was sent before', async () => {
      const { run, interrupted } = bench(8 * partBytes);
      await interrupted(failAfter(5));
      const seen: number[] = [];
      await run({ concurrency: 1, onProgress: ({ transferredBytes }) => seen.push(transferredBytes) });
      expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((part) => part * partBytes));
    });

    it('keeps the size of its parts, whatever the next process would choose', async () => {
      const { backend, bytes, run, interrupted, takeSent } = bench(10 * partBytes);
      await interrupted(failAfter(5));
      takeSent();
      await run({ partBytes: 2 * partBytes });
      expect(takeSent()).toBe(5 * partBytes);
      expectStored(backend, bytes);
    });

    it('sends a part again that the store acknowledged, and nobody lived to note', async () => {
      const { backend, bytes, run, interrupted, takeSent } = bench(6 * partBytes);
      await interrupted({
        onPartStored({ number }) {
          if (number === 4) throw away();
        },
      });
      takeSent();
      await run();
      expect(takeSent()).toBe(3 * partBytes);
      expectStored(backend, bytes);
    });

    it('sends parts again that the store has lost', async () => {
      const { backend, bytes, run, interrupted, takeSent } = bench(6 * partBytes);
      await interrupted(failAfter(5));
      for (const parts of backend.open.values()) parts.delete(2);
      takeSent();
      await run();
      expect(takeSent()).toBe(2 * partBytes);
      expectStored(backend, bytes);
    });

    it('begins anew when the store has forgotten it', async () => {
      const { backend, bytes, run, interrupted, takeSent } = bench(6 * partBytes);
      await interrupted(failAfter(5));
      backend.open.clear();
      takeSent();
      await run();
      expect(takeSent()).toBe(bytes.length);
      expectStored(backend, bytes);
    });

    it('fails, and stays, while the store cannot be asked what it has', async () => {
      const { backend, bytes, run, interrupted, takeSent } = bench(6 * partBytes);
      await interrupted(failAfter(5));
      const onList = () => {
        throw away();
      };
      expect(await interrupted({ onList })).toBeInstanceOf(StorageError);
      takeSent();
      await run();
      expect(takeSent()).toBe(partBytes);
      expectStored(backend, bytes);
    });

    it('is also one that its signal ended with anything but an error of ours', async () => {
      const { backend, bytes, run, takeSent } = bench(6 * partBytes);
      const stop = new AbortController();
      const onProgress = ({ transferredBytes }: { transferredBytes: number }) => {
        if (transferredBytes === 3 * partBytes) stop.abort(new Error('Ctrl-C'));
      };
      await expect(run({ concurrency: 1, signal: stop.signal, onProgress })).rejects.toThrow('Ctrl-C');
      takeSent();
      await run();
      expect(takeSent()).toBeLessThanOrEqual(3 * partBytes);
      expectStored(backend, bytes);
    });
  });

  describe('a source that changed since', () => {
    it.each([
      ['that grew', (path: string) => appendFileSync(path, 'more')],
      ['that shrank', (path: string) => truncateSync(path, 5 * partBytes)],
      ['with other bytes', (path: string) => writeFileSync(path, randomBytes(8 * partBytes))],
      ['that was only touched', (path: string) => utimesSync(path, 1, 1)],
    ])('%s is sent from its start, and what was sent before is given up', async (_, change) => {
      const { backend, path, run, interrupted, takeSent } = bench(8 * partBytes);
      await interrupted(failAfter(4));
      change(path);
      const now = readFileSync(path);
      takeSent();
      expect(await run()).toMatchObject({ sha256: sha256(now), sizeBytes: now.length });
      expect(takeSent()).toBe(now.length);
      expectStored(backend, now);
    });

    it('is noticed by its bytes when its size and times are as before', async () => {
      const { backend, path, bytes, run, interrupted, takeSent } = bench(8 * partBytes);
      // Whole seconds, so that the time can be set again exactly.
      utimesSync(path, 1000, 1000);
      await interrupted(failAfter(6));
      const handle = await open(path, 'r+');
      await handle.write(Buffer.from([(bytes[2 * partBytes] ?? 0) ^ 1]), 0, 1, 2 * partBytes);
      await handle.close();
      utimesSync(path, 1000, 1000);
      const now = readFileSync(path);
      takeSent();
      expect(await run()).toMatchObject({ sha256: sha256(now) });
      // The changed part is among the first three; at least everything was sent once more.
      expect(takeSent()).toBeGreaterThanOrEqual(now.length);
      expectStored(backend, now);
    });
  });

  describe('an upload whose end nobody heard of', () => {
    it('is found when it was completed and the reply was lost', async () => {
      const { backend, bytes, run, interrupted, takeSent } = bench(6 * partBytes);
      const onCompleted = () => {
        throw away();
      };
      expect(await interrupted({ onCompleted })).toBeInstanceOf(StorageError);
      const first = backend.objects.get('key');
      takeSent();
      const seen = await run();
      expect(seen).toMatchObject({ sha256: sha256(bytes), sizeBytes: bytes.length, key: 'key' });
      expect(takeSent()).toBe(0);
      expect(backend.objects.get('key')).toBe(first);
      expect(await run()).toEqual({ ...seen, durationMs: expect.any(Number) });
      expect(takeSent()).toBe(0);
    });

    it('is found by our own SHA-256 where the store does not remember uploads', async () => {
      const { backend, bytes, run, interrupted, takeSent } = bench(6 * partBytes);
      const onCompleted = () => {
        throw away();
      };
      await interrupted({ onCompleted });
      takeSent();
      const forgetful = { ...backend, completeUpload: completeOnce(backend) };
      expect(await run({ backend: forgetful })).toMatchObject({ sha256: sha256(bytes) });
      expect(takeSent()).toBe(0);
      // Another object of the same size is not it.
      backend.objects.set('key', randomBytes(bytes.length));
      await run({ backend: forgetful });
      expect(takeSent()).toBe(bytes.length);
      expectStored(backend, bytes);
    });

    it('is completed when all parts were sent and nobody lived to say so', async () => {
      const { backend, bytes, run, interrupted, takeSent } = bench(6 * partBytes);
      const onComplete = () => {
        throw away();
      };
      await interrupted({ onComplete });
      takeSent();
      expect(await run()).toMatchObject({ sha256: sha256(bytes) });
      expect(takeSent()).toBe(0);
      expectStored(backend, bytes);
    });

    it('is given up by its key when it was begun and nobody lived to note which it is', async () => {
      const { backend, bytes, run, interrupted } = bench(6 * partBytes);
      const onCreated = () => {
        throw away();
      };
      await interrupted({ onCreated });
      expect(backend.open.size).toBe(1);
      await run();
      expectStored(backend, bytes);
    });
  });

  describe('a failed upload', () => {
    it.each([
      ['a part that the store refuses', { onPart: () => Promise.reject(new StorageError('Never.')) }],
      ['a completion that it refuses', { onComplete: () => Promise.reject(new StorageError('Never.')) }],
    ])('is not kept after %s', async (_, hooks) => {
      const { backend, journals, interrupted } = bench(6 * partBytes);
      await interrupted(hooks);
      expect(backend.open.size).toBe(0);
      expect(readdirSync(journals)).toEqual([]);
    });

    it('is not kept when its source changes', async () => {
      const { backend, path, journals, interrupted } = bench(6 * partBytes);
      await interrupted({ onPart: () => appendFileSync(path, 'x') });
      expect(backend.open.size).toBe(0);
      expect(readdirSync(journals)).toEqual([]);
    });
  });

  describe('the journal', () => {
    it('can be read by its owner alone, and is gone with its upload when the caller says so', async () => {
      const { journals, interrupted, run } = bench(6 * partBytes);
      await interrupted(failAfter(2));
      const [name = ''] = readdirSync(journals);
      expect(readdirSync(journals)).toHaveLength(1);
      expect(statSync(join(journals, name)).mode & 0o777).toBe(0o600);
      expect(statSync(journals).mode & 0o777).toBe(0o700);
      await run();
      await withUploadJournal({ folder: journals, names: ['this', 'there'] }, async (journal) =>
        journal?.forget(),
      );
      expect(readdirSync(journals)).toEqual([]);
    });

    it('is one process at a time; another one uploads without it', async () => {
      const { folder } = bench(partBytes);
      const place = { folder, names: ['x'] };
      await withUploadJournal(place, async (outer) => {
        expect(outer).toBeInstanceOf(UploadJournal);
        await withUploadJournal(place, async (inner) => expect(inner).toBeUndefined());
        await withUploadJournal({ ...place, names: ['y'] }, async (other) => expect(other).toBeDefined());
      });
    });

    it('of which a line was cut short loses that line alone', async () => {
      const { backend, bytes, journals, run, interrupted, takeSent } = bench(6 * partBytes);
      await interrupted(failAfter(4));
      const path = join(journals, readdirSync(journals)[0] ?? '');
      truncateSync(path, statSync(path).size - 10);
      takeSent();
      await run();
      expect(takeSent()).toBe(3 * partBytes);
      expectStored(backend, bytes);
    });

    it.each(['', 'no journal', '{"version":2,"intent":{}}\n', '{"version":1}\n{}\n', 'null\n'])(
      'that holds %j counts as none',
      async (text) => {
        const { backend, bytes, journals, run, interrupted } = bench(6 * partBytes);
        await interrupted(failAfter(4));
        backend.open.clear();
        writeFileSync(join(journals, readdirSync(journals)[0] ?? ''), text);
        expect(await run()).toMatchObject({ sha256: sha256(bytes) });
        expectStored(backend, bytes);
      },
    );

    it('that cannot be written does not keep an upload from getting on', async () => {
      const { backend, bytes, folder } = bench(6 * partBytes);
      const file = join(folder, 'file');
      writeFileSync(file, '');
      const warnings: string[] = [];
      const logger = {
        debug() {},
        info() {},
        warn: (_: unknown, text: string) => warnings.push(text),
        error() {},
      };
      const source = { path: join(folder, 'image.raw') };
      const crypto = hasher;
      await withUploadJournal({ folder: join(file, 'below'), names: ['x'], logger }, (journal) =>
        uploadFile({ backend, key: 'key', source, crypto, partBytes, journal }),
      );
      expectStored(backend, bytes);
      expect(warnings).toEqual([expect.stringContaining('begins anew')]);
    });
  });
});
