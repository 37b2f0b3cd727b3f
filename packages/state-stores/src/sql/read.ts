import type { SqlSession, Statement } from './dialect.ts';
import type { ResultRow } from './record-table.ts';

/** The rows of one statement. */
export async function readRows(session: SqlSession, statement: Statement): Promise<readonly ResultRow[]> {
  const [rows] = await session.read([statement]);
  return rows ?? [];
}

/** The first row of one statement. */
export async function readRow(session: SqlSession, statement: Statement): Promise<ResultRow | undefined> {
  return (await readRows(session, statement))[0];
}
