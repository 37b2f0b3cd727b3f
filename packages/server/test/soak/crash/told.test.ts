import { expect, it } from 'vitest';
import { compareWithTold } from './told.ts';

it('notices what was lost, doubled or made up', () => {
  const sent = new Set(['a', 'b', 'c']);
  expect(compareWithTold('x', ['a', 'b', 'c'], ['a', 'b'], sent)).toEqual([]);
  expect(compareWithTold('x', ['b', 'b', 'z'], ['a', 'b'], sent)).toEqual([
    'build x: the report a was acknowledged and is not there',
    'build x: the report b is there 2 times',
    'build x: the report z is there and was never sent',
  ]);
});
