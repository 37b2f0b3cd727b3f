import type { Attempt, BuildHead } from '@buildstate/core';
import type { SqlDialect, WriteStatement } from '../dialect.ts';
import { tableOf } from '../record-table.ts';
import { attempts } from '../rows/attempts-rows.ts';
import { type StoredStateRecord, stateRecords } from '../rows/state-records-rows.ts';
import { inserter, updater, upserter } from '../write-records.ts';

/** Writes a record of a build, given the head that was decided on, if that is known. */
export type WriteAfter<R> = (record: R, before: BuildHead | undefined) => WriteStatement;

/** What no end of an attempt changes. */
const fixed = [
  'eventId',
  'state',
  'attempt',
  'retryCount',
  'reportedBy',
  'jobId',
  'leaseToken',
  'createdAt',
] as const satisfies readonly (keyof Attempt)[];

const fixedColumns = attempts.columns
  .filter(({ field }) => (fixed as readonly string[]).includes(field))
  .map(({ name }) => name);

/** Whether nobody can have used the attempt's number yet, so that its row is new. */
function isNew({ attempt, state }: Attempt, { states }: BuildHead): boolean {
  return attempt !== null && attempt > (states[state]?.attempts ?? 0);
}

function isEndOf(attempt: Attempt, open: Attempt | null): boolean {
  return open?.id === attempt.id && fixed.every((field) => open[field] === attempt[field]);
}

/** What most attempts say nothing about. */
const details = [
  ...(['closedBy', 'errorMessage', 'errorCode', 'errorCategory', 'component', 'errorDetails'] as const),
  ...(['artifactStorageType', 'artifactStoragePath', 'artifactSizeBytes'] as const),
  ...(['artifactChecksum', 'artifactMetadata'] as const),
] satisfies readonly (keyof Attempt)[];

/** The other columns, for attempts without any of these. Each column that a statement names costs it time. */
const plainAttempts = tableOf(
  attempts.name,
  attempts.columns.filter(({ field }) => !(details as readonly string[]).includes(field)),
);

const isPlain = (attempt: Attempt): boolean => details.every((field) => attempt[field] === null);

/**
 * Writes attempts: new ones are added, the end of the open one changes its row, and where neither is sure, what is there
 * is replaced. Looking for what is there costs PostgreSQL more than either.
 */
export function attemptWriter(dialect: SqlDialect): WriteAfter<Attempt> {
  const key = ['id', 'build_id'] as const;
  const upsert = upserter(dialect, attempts, key);
  const insert = inserter(dialect, attempts);
  const rowKey = { found: ['id'], checked: ['build_id'], fixed: fixedColumns } as const;
  const update = updater(dialect, attempts, rowKey);
  const insertPlain = inserter(dialect, plainAttempts);
  const updatePlain = updater(dialect, plainAttempts, rowKey);
  return (attempt, before) => {
    if (before === undefined) return upsert(attempt);
    const { openAttempt } = before;
    if (openAttempt !== null && isEndOf(attempt, openAttempt)) {
      return isPlain(attempt) && isPlain(openAttempt) ? updatePlain(attempt) : update(attempt);
    }
    if (!isNew(attempt, before)) return upsert(attempt);
    return isPlain(attempt) ? insertPlain(attempt) : insert(attempt);
  };
}

/** Writes what is known of states, in the same way. */
export function stateWriter(dialect: SqlDialect): WriteAfter<StoredStateRecord> {
  const key = ['build_id', 'state'] as const;
  const upsert = upserter(dialect, stateRecords, key);
  const insert = inserter(dialect, stateRecords);
  const update = updater(dialect, stateRecords, { found: key });
  return (record, before) => {
    if (before === undefined) return upsert(record);
    return before.states[record.state] === undefined ? insert(record) : update(record);
  };
}
