import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretMasker } from '../../src/step/output/secret-masker.ts';

function throughStream(masker: SecretMasker, chunks: readonly Buffer[]): string {
  const stream = masker.stream();
  return Buffer.concat([...chunks.map((chunk) => stream.push(chunk)), stream.end()]).toString();
}

describe('a secret masker', () => {
  it('hides a secret wherever it stands in a text', () => {
    const masker = new SecretMasker(['hunter2-hunter2']);
    expect(masker.text('a hunter2-hunter2 b hunter2-hunter2')).toBe('a *** b ***');
  });

  it('hides secrets in a stream however it is cut into chunks', () => {
    const secret = 'S3cr3t/with+signs=';
    const text = `before ${secret}${secret} after ${secret.slice(0, 5)} end`;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const bytes = Buffer.from(text);
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(throughStream(new SecretMasker([secret]), chunks)).toBe('before ****** after S3cr3 end');
      }),
    );
  });

  it('passes on at once what cannot be the beginning of a secret', () => {
    const stream = new SecretMasker(['topsecret']).stream();
    expect(stream.push(Buffer.from('Password: ')).toString()).toBe('Password: ');
    expect(stream.push(Buffer.from('to')).toString()).toBe('');
    expect(stream.push(Buffer.from('day\n')).toString()).toBe('today\n');
  });

  it('prefers the longer of two secrets that begin alike, also across chunks', () => {
    const masker = new SecretMasker(['abcd', 'abcdefgh']);
    expect(throughStream(masker, [Buffer.from('x abcd'), Buffer.from('efgh y abcd z')])).toBe(
      'x *** y *** z',
    );
  });

  it('finds the spellings of JSON, URLs and base64, and every line of a secret of several lines', () => {
    const secret = 'line "one"\nsecond line';
    const masker = new SecretMasker([secret]);
    for (const spelling of [
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      'line "one"',
      'second line',
    ]) {
      expect(masker.text(`<${spelling}>`)).toBe('<***>');
    }
  });

  it('leaves texts alone that are too short to be looked for', () => {
    expect(new SecretMasker(['', 'abc']).text('abc abcd')).toBe('abc abcd');
  });

  it('hides what is added later in streams that are open already', () => {
    const masker = new SecretMasker();
    const stream = masker.stream();
    masker.add(['late-secret']);
    expect(Buffer.concat([stream.push(Buffer.from('a late-secret b')), stream.end()]).toString()).toBe(
      'a *** b',
    );
  });

  it('keeps bytes that are no text', () => {
    const bytes = Buffer.from([0, 255, 254, 10, 13, 128]);
    const stream = new SecretMasker(['something']).stream();
    expect(Buffer.concat([stream.push(bytes), stream.end()])).toEqual(bytes);
  });
});
