import { describe, expect, test } from 'vitest';
import { chooseFormat, formatOfArgv } from '../../src/output/formats.ts';

describe('the format of a result', () => {
  test.each([
    [{}, undefined, 'table'],
    [{}, 'yaml', 'yaml'],
    [{ output: 'id' }, 'yaml', 'id'],
    [{ json: true }, 'yaml', 'json'],
    [{ json: true, output: 'json' }, undefined, 'json'],
  ])('flags %j and the setting %s give %s', (flags, setting, format) => {
    expect(chooseFormat(flags, setting)).toBe(format);
  });

  test('two at once are refused', () => {
    expect(() => chooseFormat({ json: true, output: 'yaml' }, undefined)).toThrow(/--json and --output yaml/);
  });
});

test.each([
  [['--json'], 'json'],
  [['-o', 'yaml'], 'yaml'],
  [['-o=json'], 'json'],
  [['--output=env'], 'env'],
  [['--output', 'nonsense'], 'table'],
  [['--', '--json'], 'table'],
  [[], 'table'],
])('of a command line that was not understood, %j asks for %s', (argv, format) => {
  expect(formatOfArgv(argv)).toBe(format);
});
