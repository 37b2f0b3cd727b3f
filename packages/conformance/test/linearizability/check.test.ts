import { checkHistory, type Operation } from '@buildstate/conformance/linearizability';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawn, type RegisterInput, register } from './register.ts';

type History = readonly Operation<RegisterInput, number | boolean>[];
const holds = (history: History): boolean => checkHistory(history, register).linearizable;

describe('the checker of histories', () => {
  it('accepts what happened one after the other', () => {
    expect(holds([])).toBe(true);
    expect(holds(drawn([['[]  []  []', [{ write: 1 }, true], [null, 1], [{ from: 1, to: 2 }, true]]]))).toBe(
      true,
    );
  });

  it('accepts a read that overlaps a write, with the value before or after it', () => {
    for (const value of [0, 1]) {
      expect(
        holds(
          drawn([
            ['[    ]', [{ write: 1 }, true]],
            [' [ ]', [null, value]],
          ]),
        ),
      ).toBe(true);
    }
  });

  it('refuses a read of a value that nobody wrote', () => {
    expect(
      holds(
        drawn([
          ['[    ]', [{ write: 1 }, true]],
          [' [ ]', [null, 2]],
        ]),
      ),
    ).toBe(false);
  });

  it('refuses a stale read after the write was answered', () => {
    expect(
      holds(
        drawn([
          ['[  ]', [{ write: 1 }, true]],
          ['     [ ]', [null, 0]],
        ]),
      ),
    ).toBe(false);
  });

  it('refuses a value that goes back between two reads during one write', () => {
    const reads = (...values: number[]) =>
      drawn([
        ['[           ]', [{ write: 1 }, true]],
        ['  [ ]  [ ]', ...values.map((value) => [null, value] as const)],
      ]);
    expect(holds(reads(0, 1))).toBe(true);
    expect(holds(reads(1, 0))).toBe(false);
  });

  it('refuses a lost update: two swaps of the same value that both succeed', () => {
    const swap = [{ from: 0, to: 1 }, true] as const;
    expect(
      holds(
        drawn([
          ['[   ]', swap],
          [' [   ]', swap],
        ]),
      ),
    ).toBe(false);
    expect(
      holds(
        drawn([
          ['[   ]', swap],
          [' [   ]', [swap[0], false]],
        ]),
      ),
    ).toBe(true);
  });

  it('lets what was never answered have happened, late, or not at all', () => {
    const unanswered = ['[ ?', [{ write: 1 }, null]] as const;
    expect(holds(drawn([unanswered, ['     [ ]', [null, 1]]]))).toBe(true);
    expect(holds(drawn([unanswered, ['     [ ]', [null, 0]]]))).toBe(true);
    expect(holds(drawn([unanswered, ['     [ ]  [ ]', [null, 0], [null, 1]]]))).toBe(true);
    // Once seen it cannot be undone, and it cannot have happened before it was asked for.
    expect(holds(drawn([unanswered, ['     [ ]  [ ]', [null, 1], [null, 0]]]))).toBe(false);
    expect(
      holds(
        drawn([
          ['      [ ?', [{ write: 1 }, null]],
          ['[ ]', [null, 1]],
        ]),
      ),
    ).toBe(false);
  });

  it('tells what it could explain and where it was stuck', () => {
    const history = drawn([
      ['[ ]', [{ write: 1 }, true]],
      ['     [ ]', [null, 0]],
    ]);
    expect(checkHistory(history, register)).toEqual({
      linearizable: false,
      explained: [history[0]],
      stuck: [history[1]],
    });
  });

  it('agrees with trying every order, on small random histories', () => {
    const verdicts = { true: 0, false: 0 };
    fc.assert(
      fc.property(histories, (history) => {
        const expected = someOrderExplains(history);
        verdicts[`${expected}`] += 1;
        expect(holds(history)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(verdicts.true, verdicts.false)).toBeGreaterThan(100);
  });

  it('takes a long history with many that overlap', () => {
    // Each round: eight swaps at once, of which exactly one finds the number as it expects it.
    const history = Array.from({ length: 100 }, (_, round) =>
      Array.from({ length: 8 }, (_, client) => ({
        client,
        input: { from: round, to: round + 1 },
        called: round * 10 + client / 10,
        returned: round * 10 + 5 + client / 10,
        output: client === round % 8,
      })),
    ).flat();
    expect(holds(history)).toBe(true);
    expect(holds(history.map((one, index) => (index === 790 ? { ...one, output: !one.output } : one)))).toBe(
      false,
    );
  });
});

const input: fc.Arbitrary<RegisterInput> = fc.oneof(
  fc.constant(null),
  fc.record({ write: fc.nat(2) }),
  fc.record({ from: fc.nat(2), to: fc.nat(2) }),
);

/** Up to five operations; clients are left out, because the checker does not look at them. */
const histories: fc.Arbitrary<History> = fc.array(
  fc
    .record({
      input,
      called: fc.nat(8),
      lasts: fc.integer({ min: 1, max: 6 }),
      value: fc.nat(2),
      fate: fc.nat(9),
    })
    .map(({ input: asked, called, lasts, value, fate }) => ({
      client: 0,
      input: asked,
      called,
      returned: fate === 0 ? null : called + lasts,
      output: fate === 0 ? null : asked === null ? value : fate > 3 || 'write' in asked,
    })),
  { maxLength: 5 },
);

/** The definition itself: is there an order of all that were answered, and some of the others, that respects time? */
function someOrderExplains(history: History, state = register.initial): boolean {
  if (history.every(({ returned }) => returned === null)) return true;
  const firstReturn = Math.min(...history.map(({ returned }) => returned ?? Number.POSITIVE_INFINITY));
  return history.some((next) => {
    if (next.called > firstReturn) return false;
    const { state: after, output } = register.step(state, next.input);
    if (next.output !== null && next.output !== output) return false;
    return someOrderExplains(
      history.filter((one) => one !== next),
      after,
    );
  });
}
