import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { writeFileAtomic } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const calls: string[] = [];

function recorded(handle: FileHandle, name: string): FileHandle {
  return new Proxy(handle, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return (...parameters: unknown[]) => {
        if (property === 'sync' || property === 'writeFile') calls.push(`${property} ${name}`);
        return Reflect.apply(value, target, parameters);
      };
    },
  });
}

/** Names that differ from run to run, in words. */
function plain(path: string): string {
  return basename(path)
    .replace(/\.tmp$/, '')
    .startsWith('.bldst-')
    ? 'temporary'
    : basename(path);
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

describe('an atomic write survives a crash of the machine once it is done', () => {
  it('file synced, moved, folder synced, in this order', async () => {
    const folder = temporaryFolder();
    await writeFileAtomic(join(folder, 'file'), 'content');
    expect(calls).toEqual([
      'writeFile temporary',
      'sync temporary',
      'rename temporary file',
      `sync ${basename(folder)}`,
    ]);
  });
});
