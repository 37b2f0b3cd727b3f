import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase64url, fromHex, toBase64url, toHex } from '../../src/text/bytes-as-text.ts';

it('writes bytes as Node does, and reads them back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromHex(toHex(bytes))).toEqual(bytes);
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
    }),
  );
});

it('finds no key in what is no text of bytes', () => {
  expect(() => fromBase64url('ä')).toThrow('Invalid character');
  expect([...fromHex('zz')]).toEqual([0]);
});
