import { compareText, decodeCursor, encodeCursor } from '@buildstate/core/light';
import { expect, test } from 'vitest';

test('texts are compared as their bytes in UTF-8 are', () => {
  const texts = [
    '',
    'A',
    'a',
    'aa',
    'b',
    'z',
    'ä',
    '漢',
    '\uD7FF',
    '\uE000',
    '\uFFFD',
    '\u{10000}',
    '\u{1F600}',
  ];
  const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  for (const a of texts)
    for (const b of texts) expect(Math.sign(compareText(a, b)), `${a} ${b}`).toBe(byBytes(a, b));
});

test('a cursor is read as it was written, and only in its own form', () => {
  const key = ['ü\u{1F600}', 7];
  const cursor = encodeCursor(key);
  expect(cursor).toMatch(/^[\w-]+$/);
  expect(decodeCursor(cursor, ['string', 'number'])).toEqual(key);
  for (const shape of [['number', 'string'], ['string'], ['string', 'number', 'number']] as const)
    expect(() => decodeCursor(cursor, shape)).toThrow('cursor is not a cursor of this list');
  expect(() => decodeCursor(`${cursor}=`, ['string', 'number'])).toThrow('cursor');
});
