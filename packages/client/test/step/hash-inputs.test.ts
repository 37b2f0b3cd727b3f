import { createHash } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { NotFoundError } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { hashInputs } from '../../src/step/inputs/hash-inputs.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('hashing the inputs of a step', () => {
  it('names files relative to the folder, whatever the folder', async () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()];
    for (const folder of [one, two]) {
      writeFiles(folder, { 'base.hcl': 'a', 'http/ks.cfg': 'b', 'http/deep/x.sh': 'c', 'other.txt': 'd' });
    }
    const patterns = ['base.hcl', 'http/**'];
    const { files, unmatched } = await hashInputs(one, patterns);
    expect(files).toEqual({
      'base.hcl': sha256('a'),
      'http/deep/x.sh': sha256('c'),
      'http/ks.cfg': sha256('b'),
    });
    expect(unmatched).toEqual([]);
    expect(await hashInputs(two, patterns)).toEqual({ files, unmatched });
  });

  it('takes a folder for all files under it, and a link for what it leads to', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'roles/a/main.yml': 'a', 'real.txt': 'r' });
    symlinkSync('real.txt', join(folder, 'link.txt'));
    const { files } = await hashInputs(folder, ['roles', 'link.txt']);
    expect(files).toEqual({ 'roles/a/main.yml': sha256('a'), 'link.txt': sha256('r') });
  });

  it('lets a pattern match nothing, and says so', async () => {
    expect(await hashInputs(temporaryFolder(), ['http/**'])).toEqual({ files: {}, unmatched: ['http/**'] });
  });

  it('refuses a plain path that is not there', async () => {
    await expect(hashInputs(temporaryFolder(), ['base.hcl'])).rejects.toThrow(NotFoundError);
  });

  it('stops when told to', async () => {
    const reason = new Error('enough');
    const folder = temporaryFolder();
    writeFiles(folder, { a: 'a' });
    await expect(hashInputs(folder, ['a'], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
