import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toWire } from '../../src/wire/casing.ts';
import { toWireJson } from '../../src/wire/wire-json.ts';

const names = fc.constantFrom(
  'buildId',
  'state',
  'errorDetails',
  'metadata',
  'warnings',
  'a"b',
  'Ünïcödé',
  '',
);
const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ minLength: 60, maxLength: 80 }),
  fc.constantFrom('"', '\\', '\n', '\u007f', '\u2028', '\ud800', '\udc00x', '😀'),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, undefined, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e21, 1e-7),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(names, texts), tie('value'), { maxKeys: 6 }),
  ),
}));

describe('toWireJson', () => {
  it('makes the JSON of what toWire makes, of every value', () => {
    fc.assert(
      fc.property(value, (any) => {
        expect(toWireJson(any)).toBe(JSON.stringify(toWire(any)) ?? 'null');
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves what belongs to users as it is', () => {
    expect(toWireJson({ buildId: 'a', metadata: { buildId: { aB: [1] } } })).toBe(
      '{"build_id":"a","metadata":{"buildId":{"aB":[1]}}}',
    );
  });
});
