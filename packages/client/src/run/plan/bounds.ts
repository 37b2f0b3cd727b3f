import { NotFoundError, nearestNames, ValidationError } from '@buildstate/core';
import type { JudgedState, RunBounds } from './plan-run.ts';

/** Where a run begins and stops, as the user says it: codes, or names of states. */
export interface WantedBounds {
  /** The first state to run, done or not. */
  readonly from?: number | string | undefined;
  /** The last state to run. */
  readonly to?: number | string | undefined;
}

function codeOf(states: readonly JudgedState[], wanted: number | string): number {
  const isMeant = (code: number, name: string | undefined) =>
    String(code) === String(wanted) || name === wanted;
  // A state that branches pass stands for all that they do.
  const found = states.find(
    ({ state, name }) =>
      isMeant(state.code, name) || state.fanOut?.states.some((inner) => isMeant(inner.code, inner.name)),
  );
  if (found !== undefined) return found.state.code;
  const names = states.map(({ name }) => name);
  const nearest = nearestNames(String(wanted), names);
  throw new NotFoundError(
    `The build file has no state ${wanted}. ` +
      (nearest.length > 0
        ? `Did you mean ${nearest.join(' or ')}?`
        : `It has ${states.map(({ state, name }) => `${state.code} (${name})`).join(', ')}.`),
    { context: { state: wanted } },
  );
}

/**
 * The codes of the wanted bounds.
 * @throws NotFoundError for a state that the file does not have; ValidationError when they leave nothing
 */
export function resolveBounds(states: readonly JudgedState[], { from, to }: WantedBounds): RunBounds {
  const bounds = {
    from: from === undefined ? undefined : codeOf(states, from),
    to: to === undefined ? undefined : codeOf(states, to),
  };
  if (bounds.from !== undefined && bounds.to !== undefined && bounds.from > bounds.to) {
    throw new ValidationError(
      `--from ${bounds.from} is behind --to ${bounds.to}: nothing lies between them.`,
    );
  }
  return bounds;
}
