import { mkdtempSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { downloadFile } from '../../src/index.ts';
import { fakeBackend } from '../fake-backend.ts';
import { crypto } from '../tools.ts';

const calls: string[] = [];

/** File descriptors by the name of their file. */
const names = new Map<number, string>();

function recorded(handle: FileHandle, name: string): FileHandle {
  return new Proxy(handle, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]) => {
        if (property === 'sync') calls.push(`${property} ${name}`);
        return Reflect.apply(value, target, parameters);
      };
    },
  });
}

/** Names that differ from run to run, in words. */
function plain(path: string): string {
  return basename(path)
    .replace(/^\.bldst-.*\.part$/, 'temporary')
    .replace(/^bldst-durability-.*/, 'folder');
}

vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original();
  const open: typeof real.open = async (path, ...rest) => {
    const handle = await real.open(path, ...rest);
    names.set(handle.fd, plain(String(path)));
    return recorded(handle, plain(String(path)));
  };
  const rename: typeof real.rename = async (from, to) => {
    calls.push(`rename ${plain(String(from))} ${plain(String(to))}`);
    await real.rename(from, to);
  };
  const link: typeof real.link = async (from, to) => {
    calls.push(`link ${plain(String(from))} ${plain(String(to))}`);
    await real.link(from, to);
  };
  return { ...real, open, rename, link };
});

vi.mock(import('node:fs'), async (original) => {
  const real = await original();
  const writeSync = ((
    fd: number,
    ...rest: Parameters<typeof real.writeSync> extends [number, ...infer R] ? R : never
  ) => {
    const name = names.get(fd);
    if (name === 'temporary') calls.push(`write ${name}`);
    return real.writeSync(fd, ...rest);
  }) as typeof real.writeSync;
  return { ...real, writeSync };
});

const folder = mkdtempSync(join(tmpdir(), 'bldst-durability-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a download survives a crash of the machine once it is there', () => {
  it.each([
    [true, 'rename temporary image'],
    [false, 'link temporary image'],
  ])('file synced, moved, folder synced, in this order (overwrite: %s)', async (overwrite, move) => {
    const backend = fakeBackend();
    await backend.put('key', Buffer.from('content'));
    const target = join(folder, String(overwrite), 'image');
    calls.length = 0;
    await downloadFile({ backend, key: 'key', target, expected: {}, crypto, overwrite });
    expect(calls).toEqual(['write temporary', 'sync temporary', move, `sync ${basename(dirname(target))}`]);
  });
});
