import { mkdtempSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openFsBackend } from '../../src/fs/index.ts';

const root = mkdtempSync(join(tmpdir(), 'bldst-durability-'));
const calls: string[] = [];
const watched = new Set<PropertyKey>(['sync', 'datasync', 'write']);

function recorded(handle: FileHandle, name: string): FileHandle {
  return new Proxy(handle, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]) => {
        if (watched.has(property)) calls.push(`${String(property)} ${name}`);
        return Reflect.apply(value, target, parameters);
      };
    },
  });
}

/** A path below the root, with random names in words. */
function plain(path: string): string {
  return `/${relative(root, path)}`
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*')
    .replace('/.bldst-uploads', '/staging');
}

vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original();
  const open: typeof real.open = async (path, ...rest) =>
    recorded(await real.open(path, ...rest), plain(String(path)));
  const rename: typeof real.rename = async (from, to) => {
    calls.push(`rename ${plain(String(from))} ${plain(String(to))}`);
    await real.rename(from, to);
  };
  return { ...real, open, rename };
});

beforeEach(() => {
  calls.length = 0;
});
afterAll(() => rmSync(root, { recursive: true }));

describe('an object in a folder survives a crash of the machine once it is stored', () => {
  it('put: file synced, moved, its folder and every new folder above it synced', async () => {
    const backend = await openFsBackend({ root });
    await backend.put('new/folder/key', Buffer.from('content'));
    expect(calls).toEqual([
      'write /staging/put-*',
      'sync /staging/put-*',
      'rename /staging/put-* /new/folder/key',
      'sync /new/folder',
      'sync /',
      'sync /new',
    ]);
  });

  it('upload: parts synced before they count, the file before it is moved, its folder after', async () => {
    const backend = await openFsBackend({ root });
    const upload = await backend.createUpload('key');
    calls.length = 0;
    const part = await backend.uploadPart(upload, { number: 1, offset: 0, bytes: Buffer.from('content') });
    expect(calls).toEqual([
      'write /staging/*/data',
      'datasync /staging/*/data',
      'rename /staging/*/record-*.tmp /staging/*/part-1.json',
    ]);
    calls.length = 0;
    await backend.completeUpload(upload, [part]);
    expect(calls).toEqual([
      'sync /staging/*/data',
      'sync /staging/*/.bldst-*.tmp',
      'rename /staging/*/.bldst-*.tmp /staging/*/completed.json',
      'sync /staging/*',
      'rename /staging/*/data /key',
      'sync /',
    ]);
  });
});
