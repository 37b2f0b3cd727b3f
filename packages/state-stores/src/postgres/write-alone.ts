import type { QueryResult } from 'pg';
import type { Statement, WriteOutcome, WriteStatement } from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';
import type { Connection } from './connections.ts';
import { decisive, OutcomeUnknown } from './decisive.ts';
import { isConnectionLost, isTaken } from './postgres-errors.ts';

const refused: WriteOutcome = { applied: false, rows: [] };

const begin = { sql: 'begin isolation level read committed', parameters: [] };
const commit = { sql: 'commit', parameters: [] };
const rollback = { sql: 'rollback', parameters: [] };

/** A guard would have broken the uniqueness of a key, which is an answer. */
class GuardRefused extends Error {}

/** Statements that can be sent without looking at an answer: all up to the next guard, which ends the part. */
function parts(statements: readonly WriteStatement[]): WriteStatement[][] {
  const all: WriteStatement[][] = [[]];
  for (const statement of statements) {
    all.at(-1)?.push(statement);
    if (statement.guard === true) all.push([]);
  }
  return all;
}

async function runAll(
  connection: Connection,
  statements: readonly WriteStatement[],
): Promise<readonly QueryResult<ResultRow>[]> {
  const outcomes = await connection.settleAll(statements);
  return outcomes.map((outcome, index) => {
    if (outcome.status === 'fulfilled') return outcome.value;
    if (statements[index]?.guard === true && isTaken(outcome.reason)) throw new GuardRefused();
    throw outcome.reason;
  });
}

const touched = (result: QueryResult<ResultRow> | undefined): boolean => (result?.rowCount ?? 0) > 0;

async function single(connection: Connection, statement: WriteStatement): Promise<WriteOutcome> {
  const [result] = await decisive(runAll(connection, [statement]));
  return statement.guard === true && !touched(result) ? refused : { applied: true, rows: result?.rows ?? [] };
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
    const results = await runAll(connection, [...before, ...part]);
    before = [];
    const guard = results.at(-1);
    if (!touched(guard)) throw new GuardRefused();
    rows = guard?.rows ?? [];
  }
  const results = await decisive(runAll(connection, [...before, ...last, commit]));
  return { applied: true, rows: last.length === 0 ? rows : (results.at(-2)?.rows ?? []) };
}

/**
 * Performs one write by itself, looking at each guard before going on.
 * @throws OutcomeUnknown, and the driver's error when nothing was written
 */
export async function writeAlone(
  connection: Connection,
  statements: readonly WriteStatement[],
): Promise<WriteOutcome> {
  const [first] = statements;
  if (first === undefined) return { applied: true, rows: [] };
  try {
    return statements.length === 1
      ? await single(connection, first)
      : await transaction(connection, statements);
  } catch (error) {
    if (error instanceof OutcomeUnknown || isConnectionLost(error)) throw error;
    if (statements.length > 1) await connection.run(rollback);
    if (error instanceof GuardRefused) return refused;
    throw error;
  }
}
