import { describe, expect, test } from 'vitest';
import { readAssignments } from '../../src/values/assignments.ts';
import { downloadWords } from '../../src/values/download-words.ts';
import { durationSeconds, instantOf } from '../../src/values/duration.ts';
import { jsonObject } from '../../src/values/json.ts';

import { stateChoice } from '../../src/values/state.ts';
import { inputOf } from '../support/text-stream.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');

describe('a length of time', () => {
  test.each([
    ['90', 90],
    ['90s', 90],
    ['5m', 300],
    ['1.5h', 5400],
    ['7d', 604_800],
    ['2w', 1_209_600],
    ['500ms', 0.5],
  ])('%s is %d seconds', (text, seconds) => {
    expect(durationSeconds('ttl', text)).toBe(seconds);
  });

  test.each(['', 'soon', '-5m', '5 minutes', '5y'])('"%s" is refused', (text) => {
    expect(() => durationSeconds('ttl', text)).toThrow(/--ttl must be a length of time/);
  });

  test('counts from now, ahead or back; a time stands for itself', () => {
    expect(instantOf('expires', '1d', 'ahead', now)).toBe('2026-03-02T12:00:00.000Z');
    expect(instantOf('since', '1h', 'ago', now)).toBe('2026-03-01T11:00:00.000Z');
    expect(instantOf('since', '2026-01-01T00:00:00+02:00', 'ago', now)).toBe('2025-12-31T22:00:00.000Z');
    expect(() => instantOf('since', '2026-13-01', 'ago', now)).toThrow(/--since must be a time/);
  });
});

describe('a state', () => {
  test('is a code or a name', () => {
    expect(stateChoice('25')).toEqual({ state: 25 });
    expect(stateChoice(' base-config ')).toEqual({ stateName: 'base-config' });
  });

  test.each(['101', '-1', '12.5', '1000'])('is not %s', (text) => {
    expect(() => stateChoice(text)).toThrow(/integers from 0 to 100/);
  });
});

describe('JSON for a flag', () => {
  test('is an object', () => {
    expect(jsonObject('metadata', '{"a":[1]}')).toEqual({ a: [1] });
    expect(jsonObject('metadata', undefined)).toBeUndefined();
  });

  test.each(['[1]', '1', 'null', '{a:1}'])('is not %s', (text) => {
    expect(() => jsonObject('metadata', text)).toThrow(/--metadata must be/);
  });
});

describe('assignments', () => {
  const around = { stdin: inputOf('from input\n'), cwd: '/' };

  test('are split at the first equals sign', async () => {
    expect(await readAssignments(['a=b=c', 'd='], false, around)).toEqual([
      { key: 'a', value: 'b=c', visible: true },
      { key: 'd', value: '', visible: true },
    ]);
  });

  test('take a value from standard input, without its last newline', async () => {
    expect(await readAssignments(['a=-'], false, around)).toEqual([
      { key: 'a', value: 'from input', visible: false },
    ]);
    expect(await readAssignments(['a=-', 'b=@x'], true, around)).toEqual([
      { key: 'a', value: '-', visible: true },
      { key: 'b', value: '@x', visible: true },
    ]);
  });

  test.each([
    [['novalue'], /is not KEY=VALUE/],
    [['=x'], /is not KEY=VALUE/],
    [['a=-', 'b=-'], /Only one value can come from standard input/],
    [['a=@/no/such/file'], /Cannot read \/no\/such\/file, which a is to be taken from/],
  ])('%j are refused', async (words, message) => {
    await expect(readAssignments(words, false, around)).rejects.toThrow(message);
  });
});

describe('the words of a download', () => {
  const id = '0192f3b2-7f1c-7d30-8a4e-1f2e3d4c5b6a';
  test.each([
    [[id, 'image', 'out'], false, { build: id, name: 'image', dest: 'out' }],
    [['p:1', 'image'], false, { build: 'p:1', name: 'image', dest: undefined }],
    [['image', 'out.img'], false, { build: undefined, name: 'image', dest: 'out.img' }],
    [['image'], false, { build: undefined, name: 'image', dest: undefined }],
    [[id], false, { build: id, name: undefined, dest: undefined }],
    [[id, 'out'], true, { build: id, name: undefined, dest: 'out' }],
    [['out'], true, { build: undefined, name: undefined, dest: 'out' }],
    [['./c:/x'], true, { build: undefined, name: undefined, dest: './c:/x' }],
    [[], true, { build: undefined, name: undefined, dest: undefined }],
  ])('%j are told apart', (words, chosen, expected) => {
    expect(downloadWords([words[0], words[1], words[2]], chosen)).toEqual(expected);
  });

  test('are refused where a flag chooses the artifact already', () => {
    expect(() => downloadWords(['a', 'b', 'c'], true)).toThrow(/"b" names an artifact/);
  });
});
