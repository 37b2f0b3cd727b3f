import type { Build, EndedBuildQuery, Histories, HistoryCut, Page } from '@buildstate/core';
import { type RawBuilder, sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import type { SqlDialect, Statement } from '../dialect.ts';
import { type ListOrder, paged, pageOf } from '../page.ts';
import { prepared, statementOf } from '../prepared.ts';
import { readRows } from '../read.ts';
import { recordOf } from '../record-table.ts';
import { builds } from '../rows/builds-rows.ts';

const order: ListOrder = {
  list: 'ended builds',
  columns: [
    { name: 'end_time', type: 'string' },
    { name: 'id', type: 'string' },
  ],
  direction: 'asc',
};

interface Cut {
  readonly id: string;
  readonly seq: number;
  readonly limit: number;
  readonly history: string;
}

/** Whether a row of `builds` has ended. */
const hasEnded = sql`(status in ('completed', 'cancelled') or deleted_at is not null)`;

/** Tables whose rows of a build go wholly, and what tells their rows apart. */
const tables = [
  ['build_states', 'position'],
  ['build_variable_history', 'position'],
  ['build_variables', 'id'],
  ['resume_requests', 'id'],
  ['build_jobs', 'id'],
] as const;

type Value = (name: keyof Cut) => unknown;

/** The oldest attempts of a build. */
const oldestAttempts = (value: Value, column: string): RawBuilder<unknown> =>
  sql`select ${sql.ref(column)} from build_states where build_id = ${value('id')} order by position limit ${value('limit')}`;

/** The statements of one step, each of which removes few rows, and the one that tells whether all are gone. */
function stepStatements(dialect: SqlDialect): readonly ((cut: Cut) => Statement)[] {
  const statement = (build: (value: Value) => RawBuilder<unknown>) =>
    prepared<Cut>(dialect, (value) => build(value as Value));
  const removed = tables.map(([table, key]) =>
    statement(
      (value) => sql`delete from ${sql.table(table)} where build_id = ${value('id')} and ${sql.ref(key)} in (
        select ${sql.ref(key)} from ${sql.table(table)} where build_id = ${value('id')}
        order by ${sql.ref(key)} limit ${value('limit')})`,
    ),
  );
  return [
    // Whatever is decided about the build at this moment waits for this, or this for it.
    statement((value) => sql`update builds set history = history where id = ${value('id')} and ${hasEnded}`),
    // By the attempts that they made: answers have no index by build.
    statement(
      (value) => sql`delete from reports where build_id = ${value('id')}
        and event_id in (${oldestAttempts(value, 'event_id')})`,
    ),
    ...removed,
    statement(
      (value) => sql`delete from build_events where build_id = ${value('id')} and seq <= ${value('seq')}
        and seq < ${value('limit')} + (select min(seq) from build_events where build_id = ${value('id')})`,
    ),
    statement(
      (value) => sql`update builds set history = ${value('history')} where id = ${value('id')}
        ${sql.join(
          tables.map(
            ([table]) =>
              sql`and not exists (select 1 from ${sql.table(table)} where build_id = ${value('id')})`,
          ),
          sql` `,
        )}
        and not exists (select 1 from build_events where build_id = ${value('id')} and seq <= ${value('seq')})
        returning id`,
    ),
  ];
}

/** Lets go of history. */
export class HistoryTable implements Histories {
  readonly #context: SqlContext;
  readonly #step: readonly ((cut: Cut) => Statement)[];

  constructor(context: SqlContext) {
    this.#context = context;
    this.#step = stepStatements(context.dialect);
  }

  /** See `Histories.listEndedBuilds`. */
  async listEndedBuilds(query: EndedBuildQuery): Promise<Page<Build>> {
    const { dialect, session } = this.#context;
    const rows = dialect.builder
      .selectFrom('builds')
      .select(builds.names)
      .where('history', '=', query.history)
      .where('end_time', 'is not', null)
      .where('end_time', '<', query.endedBefore)
      .where(sql<boolean>`history <> 'none'`);
    const found = await readRows(session, statementOf(dialect, paged(rows, order, query)));
    return pageOf(found, order, query, (row) => recordOf(builds, row, dialect));
  }

  /** See `Histories.trimHistory`. */
  async trimHistory(id: string, { upToSeq: seq, history, limit }: HistoryCut): Promise<boolean> {
    const [guard, ...others] = this.#step.map((statement) => statement({ id, seq, history, limit }));
    if (guard === undefined) return true;
    const { applied, rows } = await this.#context.session.write([{ ...guard, guard: true }, ...others]);
    return !applied || rows.length > 0;
  }
}
