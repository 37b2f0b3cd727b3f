import type Database from 'better-sqlite3';
import type { WriteOutcome, WriteStatement } from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';
import type { WaitingWrite } from './group-commit.ts';
import { isTaken } from './sqlite-errors.ts';
import type { RunResult, StatementCache } from './statement-cache.ts';

const refused: WriteOutcome = { applied: false, rows: [] };

const savepoint = { sql: 'SAVEPOINT one_write', parameters: [] };
const release = { sql: 'RELEASE one_write', parameters: [] };
const undo = { sql: 'ROLLBACK TO one_write', parameters: [] };

/** Runs a statement; nothing when it is a guard and refuses. */
function guarded(statements: StatementCache, statement: WriteStatement): RunResult | undefined {
  try {
    const result = statements.run(statement);
    return statement.guard === true && result.changes === 0 ? undefined : result;
  } catch (error) {
    if (statement.guard === true && isTaken(error)) return undefined;
    throw error;
  }
}

function runWrite(statements: StatementCache, write: readonly WriteStatement[]): WriteOutcome {
  let rows: readonly ResultRow[] = [];
  for (const statement of write) {
    const result = guarded(statements, statement);
    if (result === undefined) return refused;
    rows = result.rows;
  }
  return { applied: true, rows };
}

/** Tells a waiting write what became of it. */
export type Settlement = () => void;

/** A write of a batch stopped halfway, so that the batch has to be undone and run again with savepoints. */
export class StoppedHalfway extends Error {}

/**
 * Runs the writes of one transaction without savepoints, which make SQLite copy every page before it is changed. A
 * write that is refused or fails at its first statement has left nothing behind; most refusals are of that kind.
 * @returns what each is to be told once the transaction is committed
 * @throws StoppedHalfway when a write stopped later than that; what ended the whole transaction, such as a full disk
 */
export function runBatch(
  database: Database.Database,
  statements: StatementCache,
  batch: readonly WaitingWrite[],
): readonly Settlement[] {
  return batch.map((write): Settlement => {
    let rows: readonly ResultRow[] = [];
    for (const [index, statement] of write.statements.entries()) {
      try {
        const result = guarded(statements, statement);
        if (result === undefined && index > 0) throw new StoppedHalfway();
        if (result === undefined) return () => write.settle(refused);
        rows = result.rows;
      } catch (error) {
        if (!database.inTransaction || error instanceof StoppedHalfway) throw error;
        if (index > 0) throw new StoppedHalfway('', { cause: error });
        return () => write.fail(error);
      }
    }
    return () => write.settle({ applied: true, rows });
  });
}

/**
 * The same, each write within a savepoint: one that is refused or fails leaves nothing behind and takes no other with
 * it.
 * @throws what ended the whole transaction, such as a full disk
 */
export function runBatchWithSavepoints(
  database: Database.Database,
  statements: StatementCache,
  batch: readonly WaitingWrite[],
): readonly Settlement[] {
  return batch.map((write): Settlement => {
    statements.run(savepoint);
    try {
      const outcome = runWrite(statements, write.statements);
      if (!outcome.applied) statements.run(undo);
      statements.run(release);
      return () => write.settle(outcome);
    } catch (error) {
      if (!database.inTransaction) throw error;
      statements.run(undo);
      statements.run(release);
      return () => write.fail(error);
    }
  });
}
