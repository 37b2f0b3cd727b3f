import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFileAtomic } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('an atomic write', () => {
  it('replaces the file, with the mode asked for, and leaves nothing else', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a'), 'old');
    await writeFileAtomic(join(folder, 'a'), 'new', { mode: 0o600 });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new');
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('keeps the old file and leaves nothing else when it fails', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a', 'not-empty'), { recursive: true });
    await expect(writeFileAtomic(join(folder, 'a'), 'new')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('lets exactly one of twenty win when the file must be new', async () => {
    const folder = temporaryFolder();
    const writes = Array.from({ length: 20 }, (_, index) =>
      writeFileAtomic(join(folder, 'a'), String(index), { ifAbsent: true }),
    );
    const results = await Promise.allSettled(writes);
    const winners = results.flatMap((result, index) => (result.status === 'fulfilled' ? [index] : []));
    expect(winners).toHaveLength(1);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe(String(winners[0]));
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('replaces a symbolic link instead of what it points to', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'precious'), 'precious');
    symlinkSync(join(folder, 'precious'), join(folder, 'a'));
    await writeFileAtomic(join(folder, 'a'), 'new');
    expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious');
  });
});
