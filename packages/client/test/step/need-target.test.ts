import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needTarget, projectPath, relativePathField } from '../../src/step/needs/need-target.ts';
import type { ResolvedNeed } from '../../src/step/needs/resolve-needs.ts';
import { temporaryFolder } from './temporary-folder.ts';

function need(recorded: unknown, path?: string): ResolvedNeed {
  const metadata = { [relativePathField]: recorded };
  return { name: 'image', path, artifact: { id: 'id', metadata } as unknown as ResolvedNeed['artifact'] };
}

describe('the place of a needed artifact', () => {
  it('is where the step wants it', async () => {
    expect(await needTarget('/work', need('output/base.img', 'in.img'))).toBe('/work/in.img');
    expect(await needTarget('/work', need(undefined, '/elsewhere/in.img'))).toBe('/elsewhere/in.img');
  });

  it('is else where its producer made it, in this folder', async () => {
    const folder = temporaryFolder();
    expect(await needTarget(folder, need('output/base.img'))).toBe(join(folder, 'output/base.img'));
  });

  it('must be said when nobody knows it', async () => {
    await expect(needTarget('/work', need(undefined))).rejects.toThrow(/image=FILE/);
  });

  it.each(['../outside', '/etc/passwd', 'a/../../b', 'a\u0000b', 'C:\\x', 'nul', ''])(
    'is never %j from a record',
    async (recorded) => {
      await expect(needTarget(temporaryFolder(), need(recorded))).rejects.toMatchObject({ kind: 'invalid' });
    },
  );

  it('never leads through a link out of the folder', async () => {
    const [folder, outside] = [temporaryFolder(), temporaryFolder()];
    symlinkSync(outside, join(folder, 'output'));
    await expect(needTarget(folder, need('output/deep/base.img'))).rejects.toThrow(/leads out of/);
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'inside'));
    expect(await needTarget(folder, need('inside/base.img'))).toBe(join(folder, 'inside/base.img'));
  });
});

describe('the recorded path of a product', () => {
  it('is relative to the project, with slashes, and not there for files outside of it', () => {
    expect(projectPath('/work', 'output/base.img')).toBe('output/base.img');
    expect(projectPath('/work', '/work/a/../b.img')).toBe('b.img');
    expect(projectPath('/work', '/other/b.img')).toBeUndefined();
    expect(projectPath('/work', '..')).toBeUndefined();
    expect(projectPath('/work', '..data')).toBe('..data');
  });
});
