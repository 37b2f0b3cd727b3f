import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveBuild } from '../../src/connect/build-reference.ts';
import { temporaryFolder } from '../support/cli.ts';

test('the argument comes first, then the environment, then the nearest file', () => {
  const above = temporaryFolder();
  const cwd = join(above, 'a', 'b');
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(above, '.bldst-build'), 'of-the-file\n');
  const env = { BLDST_BUILD_ID: 'of-the-environment' };
  expect(resolveBuild('of-the-argument', { env, cwd })).toBe('of-the-argument');
  expect(resolveBuild(undefined, { env, cwd })).toBe('of-the-environment');
  expect(resolveBuild(undefined, { env: {}, cwd })).toBe('of-the-file');
  writeFileSync(join(above, 'a', '.bldst-build'), 'nearer');
  expect(resolveBuild(undefined, { env: {}, cwd })).toBe('nearer');
});

test('plain BUILD_ID, which CI systems use for themselves, is never read', () => {
  const cwd = temporaryFolder();
  expect(() => resolveBuild(undefined, { env: { BUILD_ID: '17' }, cwd })).toThrow(/Which build\?/);
});

test('an empty argument is none', () => {
  expect(() => resolveBuild(' ', { env: {}, cwd: temporaryFolder() })).toThrow(/Which build\?/);
});
