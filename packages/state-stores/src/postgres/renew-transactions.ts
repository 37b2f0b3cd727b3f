import type { SqlSession, Statement } from '../sql/dialect.ts';

const statement = (sql: string): Statement => ({ sql, parameters: [] });

/** An event of a transaction that this server has not come to yet. */
const ofTheFuture = statement(
  'select 1 from build_events where transaction_id >= pg_snapshot_xmax(pg_current_snapshot()) limit 1',
);

const renew = statement(
  `update build_events set transaction_id = pg_current_xact_id()
    where transaction_id >= pg_snapshot_xmax(pg_current_snapshot())`,
);

/**
 * A dump that is put into a younger database server brings events with it whose transactions are numbered higher than
 * the server's own: nobody would be shown them until the server has come so far, and new events would stand before
 * them. They are given the number of this transaction, in the order that they have among each other by `position`.
 */
export async function renewTransactions(session: SqlSession): Promise<void> {
  const [found = []] = await session.read([ofTheFuture]);
  if (found.length === 0) return;
  await session.exclusively(async (run) => {
    await run(renew);
  });
}
