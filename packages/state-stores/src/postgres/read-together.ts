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
  const together = statements.length < 2 ? statements : [begin, ...statements, commit];
  const outcomes = await connection.settleAll(together);
  const rows = outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value.rows;
  });
  return statements.length < 2 ? rows : rows.slice(1, -1);
}
