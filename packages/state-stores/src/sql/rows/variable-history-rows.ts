import type { Timestamp, Variable } from '@buildstate/core';
import { tableOf } from '../record-table.ts';
import { variables } from './variables-rows.ts';

/** A variable as it was until it was replaced. */
export interface ReplacedVariable extends Variable {
  /** When that was. */
  readonly replacedAt: Timestamp;
}

/** Rows that were replaced, in `build_variable_history`. */
export const variableHistory = tableOf<ReplacedVariable>('build_variable_history', [
  ...variables.columns,
  { name: 'replaced_at', field: 'replacedAt', kind: 'time' },
]);

/**
 * The rows of a build's history with the times at which they were replaced: a variable that takes the place of another
 * one says when it was set.
 * @param history those of one variable from the oldest to the newest
 * @param current the variables as they are
 */
export function replacedVariables(
  history: readonly Variable[],
  current: readonly Variable[],
): ReplacedVariable[] {
  const later = new Map(current.map(({ id, updatedAt }) => [id, updatedAt]));
  return history
    .toReversed()
    .map((variable) => {
      const replacedAt = later.get(variable.id) ?? variable.updatedAt;
      later.set(variable.id, variable.updatedAt);
      return { ...variable, replacedAt };
    })
    .reverse();
}
