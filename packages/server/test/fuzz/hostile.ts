import fc, { type Arbitrary } from 'fast-check';

/** Values that programs stumble over, whatever field they stand in. */
export const hostileValue: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    ' ',
    'a\0b',
    '\ud800',
    'x\udfff',
    '__proto__',
    'constructor',
    '../../etc/passwd',
    "'; drop table builds; --",
    '%00',
    '#{7*7}',
    'true',
    '9'.repeat(400),
    'ä'.repeat(5000),
    -1,
    0,
    1.5,
    -0,
    1e308,
    Number.MAX_SAFE_INTEGER + 2,
    2 ** 63,
    [],
    {},
    [[]],
    [null],
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(Number),
  fc.jsonValue({ maxDepth: 4 }),
);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Change = (body: unknown) => unknown;

/** Changes of a valid body that make it nearly valid. */
const change: Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.nat(40), hostileValue).map(
    ([place, value]): Change =>
      (body) => {
        if (!isObject(body)) return value;
        const names = Object.keys(body);
        const name = names[place % Math.max(1, names.length)];
        return name === undefined ? { x: value } : { ...body, [name]: value };
      },
  ),
  fc.tuple(fc.nat(40), fc.string({ maxLength: 8 })).map(
    ([place, more]): Change =>
      (body) => {
        if (!isObject(body)) return [body];
        const names = Object.keys(body);
        const name = `${names[place % Math.max(1, names.length)] ?? ''}${more}`;
        return { ...body, [name]: 1 };
      },
  ),
  fc.nat(40).map(
    (place): Change =>
      (body) => {
        if (!isObject(body)) return undefined;
        return Object.fromEntries(
          Object.entries(body).filter((_, index, all) => index !== place % all.length),
        );
      },
  ),
  hostileValue.map(
    (value): Change =>
      () =>
        value,
  ),
);

const deep = (depth: number) => `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`;

/** What is done to the text of a body. */
const rewrite: Arbitrary<(text: string) => string> = fc.oneof(
  { weight: 50, arbitrary: fc.constant((text: string) => text) },
  { weight: 1, arbitrary: fc.nat(200).map((cut) => (text: string) => text.slice(0, cut)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      (text: string) => text.replace(/^\{"(\w+)":/, '{"$1":1,"$1":'),
      (text: string) => text.replace(/^\{/, '{"__proto__":{"admin":true},'),
      (text: string) => text.replace(/^\{/, '{"constructor":{"prototype":{"x":1}},'),
      (text: string) => text.replace(/^\{/, '{"metadata":'.concat(deep(20), ',')),
      () => deep(2000),
      () => '['.repeat(50_000),
      (text: string) => `\u{feff}${text}`,
      (text: string) => `${text}${text}`,
      (text: string) => text.replaceAll(/\d+/g, '1e999'),
      () => '"just a text"',
      () => 'NaN',
      () => '',
    ),
  },
);

/** A body out of a valid one: as it is, nearly valid, or hostile. */
export function bodyText(valid: Arbitrary<unknown>): Arbitrary<string> {
  const changed = fc.tuple(valid, change).map(([body, apply]) => apply(body));
  const body = fc.oneof({ weight: 10, arbitrary: valid }, { weight: 2, arbitrary: changed });
  return fc.tuple(body, rewrite).map(([value, apply]) => apply(JSON.stringify(value) ?? ''));
}

/** Texts for paths and queries. */
export const hostileText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    '%',
    '%00',
    '%2e%2e',
    '%ff',
    '\0',
    '-1',
    '1e9',
    'a'.repeat(5000),
    '🦄',
    'a:b:c',
    ':',
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary-ascii', maxLength: 20 }),
);
