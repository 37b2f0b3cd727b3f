import { isJoin } from '../branches/fan-out.ts';
import type { BuildFile, FileState } from '../file/build-file.ts';

/** States of a file that a worker does one after the other. */
export interface Stretch {
  /** Codes of next states, as a claim takes them: also those between two states of the file. */
  readonly range: string;
  /** Whether a next state belongs to it. */
  readonly holds: (state: number) => boolean;
  /** The states. */
  readonly states: BuildFile['states'];
}

/**
 * The stretches of a file that a worker does. A catalogue may have codes that the file leaves out: after state 10 it may
 * be 15 that comes next, though the file goes on at 30. So a stretch begins behind the state before it.
 * @param wanted which codes the worker does. @default all
 */
export function stretchesOf(
  states: readonly FileState[],
  wanted: ((state: number) => boolean) | undefined,
): readonly Stretch[] {
  const stretches: { first: number; states: [FileState, ...FileState[]] }[] = [];
  let previous: { readonly code: number; readonly wanted: boolean } | undefined;
  for (const state of [...states].sort((a, b) => a.code - b.code)) {
    const does = wanted?.(state.code) ?? true;
    if (does && previous?.wanted === true) stretches.at(-1)?.states.push(state);
    else if (does) stretches.push({ first: previous === undefined ? 0 : previous.code + 1, states: [state] });
    previous = { code: state.code, wanted: does };
  }
  return stretches.map(({ first, states: own }) => {
    const last = own.at(-1)?.code ?? first;
    return {
      range: `${first}-${last}`,
      holds: (state) => state >= first && state <= last,
      states: own,
    };
  });
}

/**
 * The codes that lead to a join of a file: a build that would do one of them next has nothing to do by the file but to
 * wait for its branches.
 */
export function joiningOf(states: readonly FileState[]): readonly string[] {
  const sorted = [...states].sort((a, b) => a.code - b.code);
  return sorted.flatMap((state, index) =>
    isJoin(state) ? [`${(sorted[index - 1]?.code ?? -1) + 1}-${state.code}`] : [],
  );
}
