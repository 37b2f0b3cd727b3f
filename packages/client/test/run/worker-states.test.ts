import { describe, expect, test } from 'vitest';
import type { FileState } from '../../src/run/file/build-file.ts';
import { joiningOf, stretchesOf } from '../../src/run/worker/worker-states.ts';

/** A state of a file that is nothing but its code; with branches where it is a join. */
const state = (code: number, join = false) =>
  ({ code, ...(join && { fanOut: { branches: [], states: [], parallel: 1 } }) }) as unknown as FileState;

describe('what a worker does of a file', () => {
  test('is all of it, from the first code on and with what the file leaves out', () => {
    expect(stretchesOf([state(10), state(30)], undefined).map(({ range }) => range)).toEqual(['0-30']);
  });

  test('is in parts where other workers do what lies between', () => {
    const stretches = stretchesOf(
      [10, 30, 50, 70, 90].map((code) => state(code)),
      (code) => [30, 70, 90].includes(code),
    );
    expect(stretches.map(({ range }) => range)).toEqual(['11-30', '51-90']);
    expect(stretches[1]?.holds(51)).toBe(true);
    expect(stretches[1]?.holds(50)).toBe(false);
  });

  test('leaves to branches whatever leads to a join', () => {
    const states = [state(95), state(90, true), state(50)];
    expect(joiningOf(states)).toEqual(['51-90']);
    expect(joiningOf([state(40, true), state(60), state(80, true)])).toEqual(['0-40', '61-80']);
    expect(joiningOf([state(40), state(60)])).toEqual([]);
  });
});
