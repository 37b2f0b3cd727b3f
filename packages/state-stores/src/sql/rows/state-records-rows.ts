import type { StateRecord } from '@buildstate/core';
import { recordTable } from '../record-table.ts';

/** What is known of a state with the build that it belongs to. */
export interface StoredStateRecord extends StateRecord {
  /** UUID of the build. */
  readonly buildId: string;
}

/**
 * What decisions know of each state, in `build_state_records`. Rows, because a change touches one or two of them, and a
 * document of all would be written anew each time.
 */
export const stateRecords = recordTable<StoredStateRecord>('build_state_records', {
  buildId: 'text',
  state: 'integer',
  attempts: 'integer',
  failures: 'integer',
  outcome: 'text',
  completedAttemptId: 'text',
  artifactFingerprint: 'text',
  lastAttemptId: 'text',
  abandoned: 'flag',
});

/** The records by state code, without the build. */
export function statesOf(rows: readonly StoredStateRecord[]): Readonly<Record<number, StateRecord>> {
  const states: Record<number, StateRecord> = {};
  for (const { buildId: _, ...record } of rows) states[record.state] = record;
  return states;
}
