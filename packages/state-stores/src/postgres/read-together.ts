import type { Statement } from '../sql/dialect.ts';
import type { ResultRow } from '../sql/record-table.ts';
import type { Connection } from './connections.ts';

const begin = { sql: 'begin isolation level repeatable read read only', parameters: [] };
const commit = { sql: 'commit', parameters: [] };

/** Rows of statements that all see the same state of the database, in one round trip. */
export async function readTogether(
  connection: Connection,
  statements: readonly Statement[],
): Promise<readonly (readonly ResultRow[])[]> {
  // A single statement always sees one state.
  if (statements.length < 2) return (await connection.runAll(statements)).map(({ rows }) => rows);
  const results = await connection.runAll([begin, ...statements, commit]);
  return results.slice(1, -1).map(({ rows }) => rows);
}
