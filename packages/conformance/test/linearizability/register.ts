import type { Operation, SequentialSpec } from '@buildstate/conformance/linearizability';

/** What can be done to a number that many share; `null` reads it. */
export type RegisterInput =
  | { readonly write: number }
  | { readonly from: number; readonly to: number }
  | null;

/** A number that starts at 0, with reads, writes and compare-and-set. */
export const register: SequentialSpec<number, RegisterInput, number | boolean> = {
  initial: 0,
  step(state, input) {
    if (input === null) return { state, output: state };
    if ('write' in input) return { state: input.write, output: true };
    return state === input.from ? { state: input.to, output: true } : { state, output: false };
  },
  same: (seen, expected) => seen === expected,
  key: String,
};

/** A history drawn as text: one client per line, `[` where it asks and `]` where it is answered, one column per moment. */
export function drawn(
  lines: readonly (readonly [bars: string, ...what: (readonly [RegisterInput, number | boolean | null])[]])[],
): Operation<RegisterInput, number | boolean>[] {
  return lines.flatMap(([bars, ...what], client) => {
    const calls = [...bars.matchAll(/\[/g)].map(({ index }) => index);
    const returns = [...bars.matchAll(/[\]?]/g)].map(({ index, 0: mark }) => (mark === '?' ? null : index));
    return what.map(([input, output], turn) => ({
      client,
      input,
      called: calls[turn] ?? Number.NaN,
      returned: returns[turn] ?? null,
      output,
    }));
  });
}
