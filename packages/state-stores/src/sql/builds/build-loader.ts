import type { BuildHead, LoadedBuild, LoadNeeds, Project, RememberedReport } from '@buildstate/core';
import { type RawBuilder, sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import type { SqlDialect, Statement } from '../dialect.ts';
import { prepared } from '../prepared.ts';
import { type RecordTable, type ResultRow, recordOf } from '../record-table.ts';
import { attempts } from '../rows/attempts-rows.ts';
import { builds, headColumns } from '../rows/builds-rows.ts';
import { leaseOf, leases } from '../rows/leases-rows.ts';
import { reports } from '../rows/reports-rows.ts';
import { BuildRows, type LoadedLists } from './build-rows.ts';

/** Where a build's project comes from, once its stored revision is known. */
export type ProjectSource = (id: string, revision: number) => Promise<Project | undefined>;

interface HeadValues {
  readonly id: string;
  readonly eventId: string;
}

const prefixes = { lease: 'lease_', open: 'open_', report: 'report_' } as const;

/** The columns of a joined table under names that cannot be mistaken for the build's. */
function prefixed<R>(alias: string, table: RecordTable<R>, prefix: string): RawBuilder<unknown> {
  return sql.join(
    table.names.map((name) => sql`${sql.ref(`${alias}.${name}`)} as ${sql.ref(prefix + name)}`),
  );
}

/** One row, all of it found by key: how long the history is does not matter. */
function headQuery(dialect: SqlDialect): (values: HeadValues) => Statement {
  return prepared<HeadValues>(
    dialect,
    (value) => sql`
      select b.*, p.revision as project_revision, ${dialect.now} as now_milliseconds,
        ${prefixed('l', leases, prefixes.lease)},
        ${prefixed('s', attempts, prefixes.open)},
        ${prefixed('r', reports, prefixes.report)}
      from builds as b
      join projects as p on p.id = b.project_id
      left join leases as l on l.build_id = b.id
      left join build_states as s on s.build_id = b.id and s.id = b.open_attempt_id
      left join reports as r on r.build_id = b.id and r.event_id = ${value('eventId')}
      where b.id = ${value('id')}`,
  );
}

function headOf(row: ResultRow, dialect: SqlDialect): BuildHead {
  const { head } = recordOf(headColumns, row, dialect);
  const present = (column: string): boolean => row[column] !== null;
  return {
    build: recordOf(builds, row, dialect),
    states: head.states,
    openAttempt: present('open_id') ? recordOf(attempts, row, dialect, prefixes.open) : null,
    lastEndedAt: head.lastEndedAt,
    counts: head.counts,
    resumeTarget: head.resumeTarget,
    lease: present('lease_build_id') ? leaseOf(recordOf(leases, row, dialect, prefixes.lease)) : null,
    chain: head.chain,
  };
}

function answerOf(row: ResultRow, dialect: SqlDialect): RememberedReport | undefined {
  if (row.report_event_id === null) return undefined;
  const { eventId, answer } = recordOf(reports, row, dialect, prefixes.report);
  return { eventId, answer };
}

const noLists = (): LoadedLists => ({
  attempts: [],
  artifacts: [],
  variables: [],
  resumeRequests: [],
  jobs: [],
});

/** Reads what decisions are made on. */
export class BuildLoader {
  readonly #context: SqlContext;
  readonly #project: ProjectSource;
  readonly #head: (values: HeadValues) => Statement;
  readonly #rows: BuildRows;

  constructor(context: SqlContext, project: ProjectSource) {
    this.#context = context;
    this.#project = project;
    this.#head = headQuery(context.dialect);
    this.#rows = new BuildRows(context.dialect);
  }

  /** See `StateStore.loadBuild`. */
  async load(id: string, needs: LoadNeeds = {}): Promise<LoadedBuild | undefined> {
    const { dialect, session } = this.#context;
    const wanted = Object.entries(this.#rows.wanted(id, needs)).filter(([, list]) => list !== undefined);
    const [[row] = [], ...lists] = await session.read([
      // No report has an empty id, so that one finds none.
      this.#head({ id, eventId: needs.eventId ?? '' }),
      ...wanted.map(([, { statement }]) => statement),
    ]);
    if (row === undefined) return undefined;
    const project = await this.#project(String(row.project_id), Number(row.project_revision));
    if (project === undefined) return undefined;
    const records = wanted.map(([name, list], index) => [name, list.records(lists[index] ?? [])]);
    return {
      snapshot: { ...headOf(row, dialect), project },
      now: Number(row.now_milliseconds),
      answered: answerOf(row, dialect),
      ...noLists(),
      ...Object.fromEntries(records),
    };
  }
}
