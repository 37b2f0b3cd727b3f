import type { QueryResult } from 'pg';
import type { Statement, WriteOutcome, WriteStatement } from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';
import type { Connection } from './connections.ts';
import { isConnectionLost, isTaken } from './postgres-errors.ts';

const refused: WriteOutcome = { applied: false, rows: [] };

const begin = { sql: 'begin isolation level read committed', parameters: [] };
const commit = { sql: 'commit', parameters: [] };
const rollback = { sql: 'rollback', parameters: [] };

/** The connection was lost when the write could have been made. */
export class OutcomeUnknown extends Error {}

/** Statements that can be sent without looking at an answer: all up to the next guard, which ends the part. */
function parts(statements: readonly WriteStatement[]): WriteStatement[][] {
  const all: WriteStatement[][] = [[]];
  for (const statement of statements) {
    all.at(-1)?.push(statement);
    if (statement.guard === true) all.push([]);
  }
  return all;
}

/** Runs what ends with a commit. */
async function decisive<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    throw new OutcomeUnknown('The connection was lost during a commit.', { cause: error });
  }
}

const touched = (result: QueryResult<ResultRow> | undefined): boolean => (result?.rowCount ?? 0) > 0;

async function single(connection: Connection, statement: WriteStatement): Promise<WriteOutcome> {
  const result = await decisive(connection.run(statement));
  return statement.guard === true && !touched(result) ? refused : { applied: true, rows: result.rows };
}

async function transaction(
  connection: Connection,
  statements: readonly WriteStatement[],
): Promise<WriteOutcome> {
  const all = parts(statements);
  const last = all.pop() ?? [];
  let before: readonly Statement[] = [begin];
  let rows: readonly ResultRow[] = [];
  for (const part of all) {
    const results = await connection.runAll([...before, ...part]);
    before = [];
    const guard = results.at(-1);
    if (!touched(guard)) return refused;
    rows = guard?.rows ?? [];
  }
  const results = await decisive(connection.runAll([...before, ...last, commit]));
  return { applied: true, rows: last.length === 0 ? rows : (results.at(-2)?.rows ?? []) };
}

/**
 * Performs one write in a transaction of its own, looking at each guard before going on.
 * @throws OutcomeUnknown, and the driver's error when nothing was written
 */
export async function writeAlone(
  connection: Connection,
  statements: readonly WriteStatement[],
): Promise<WriteOutcome> {
  const [first] = statements;
  if (first === undefined) return { applied: true, rows: [] };
  try {
    if (statements.length === 1) return await single(connection, first);
    const outcome = await transaction(connection, statements);
    if (!outcome.applied) await connection.run(rollback);
    return outcome;
  } catch (error) {
    if (error instanceof OutcomeUnknown || isConnectionLost(error)) throw error;
    if (statements.length > 1) await connection.run(rollback);
    if (isTaken(error)) return refused;
    throw error;
  }
}
