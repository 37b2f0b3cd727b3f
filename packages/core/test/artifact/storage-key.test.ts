import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkStorageKey, defaultKey, safeSegment } from '../../src/index.ts';

describe('storage keys', () => {
  it.each([
    '',
    '/',
    '/etc/passwd',
    '../x',
    'a/../b',
    'a/./b',
    'a//b',
    'a/',
    'C:/x',
    'c:x',
    'a\\b',
    'con',
    'a/NUL.txt',
    'lpt1',
    'a\u0000b',
    'a\nb',
    'a.',
    'a ',
    `${'x'.repeat(256)}`,
    `${'a/'.repeat(600)}a`,
  ])('refuses %j', (key) => {
    expect(() => checkStorageKey(key)).toThrow(/^key /);
  });

  it.each(['a', 'a/b.qcow2', 'rhel9/1/state-25/1-ab/base image.qcow2', 'größe/x', 'consul/x'])(
    'takes %j',
    (key) => {
      expect(checkStorageKey(key)).toBe(key);
    },
  );

  it('makes any text a safe segment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(checkStorageKey(safeSegment(text))).not.toContain('/');
      }),
    );
  });

  it.each([
    [`${'a'.repeat(79)}.qcow2`, 'a'.repeat(79)],
    [`${'a'.repeat(79)}\u{20000}b`, 'a'.repeat(79)],
    ['..-x-..', 'x'],
    ['nul.txt', '_nul.txt'],
    ['...', '_'],
  ])('makes %j safe without an end that is none', (text, segment) => {
    expect(safeSegment(text)).toBe(segment);
    expect(checkStorageKey(safeSegment(text))).toBe(segment);
  });

  it('makes any names a safe default key', () => {
    const any = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(any, any, any, (project, buildNumber, filename) => {
        const key = defaultKey({ project, buildNumber, state: 25, attempt: '1-x', filename });
        expect(checkStorageKey(key)).toContain('/state-25/1-x/');
      }),
    );
  });
});
