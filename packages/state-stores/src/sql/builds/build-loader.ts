import type { BuildHead, LoadedBuild, LoadNeeds, Project, RememberedReport } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import type { JoinedHead, SqlDialect, Statement } from '../dialect.ts';
import { prepared } from '../prepared.ts';
import { type ResultRow, recordOf } from '../record-table.ts';
import { attempts } from '../rows/attempts-rows.ts';
import { builds, headColumns } from '../rows/builds-rows.ts';
import { leaseOf, leases } from '../rows/leases-rows.ts';
import { reports } from '../rows/reports-rows.ts';
import { stateRecords, statesOf } from '../rows/state-records-rows.ts';
import { BuildRows, type LoadedLists } from './build-rows.ts';

/** Where a build's project comes from, once its stored revision is known. */
export type ProjectSource = (id: string, revision: number) => Promise<Project | undefined>;

interface OfBuild {
  readonly id: string;
}

interface OfReport extends OfBuild {
  readonly eventId: string;
}

/**
 * The statements that read a head. Each finds rows by the beginning of a key, one of them at most one for each state,
 * so that the length of the history does not matter.
 * They are single statements rather than one join, which costs SQLite ten times as much: it plans a join with
 * parameters anew each time.
 */
export class HeadStatements {
  readonly build: (values: OfBuild) => Statement;
  readonly states: (values: OfBuild) => Statement;
  readonly lease: (values: OfBuild) => Statement;
  readonly openAttempt: (values: OfBuild) => Statement;
  readonly report: (values: OfReport) => Statement;

  constructor(dialect: SqlDialect) {
    this.build = prepared<OfBuild>(
      dialect,
      (value) => sql`select builds.*, ${dialect.now} as now_milliseconds,
          (select revision from projects where projects.id = builds.project_id) as project_revision
        from builds where id = ${value('id')}`,
    );
    this.states = prepared<OfBuild>(dialect, (value) =>
      dialect.builder.selectFrom('build_state_records').selectAll().where('build_id', '=', value('id')),
    );
    this.lease = prepared<OfBuild>(dialect, (value) =>
      dialect.builder.selectFrom('leases').selectAll().where('build_id', '=', value('id')),
    );
    this.openAttempt = prepared<OfBuild>(
      dialect,
      (value) => sql`select * from build_states where build_id = ${value('id')}
        and id = (select open_attempt_id from builds where builds.id = ${value('id')})`,
    );
    this.report = prepared<OfReport>(dialect, (value) =>
      dialect.builder
        .selectFrom('reports')
        .selectAll()
        .where('build_id', '=', value('id'))
        .where('event_id', '=', value('eventId')),
    );
  }
}

/** The rows that make a head. */
export type HeadRows = Omit<JoinedHead, 'report'>;

/** The head that its rows make. */
export function headOf({ build, states, lease, openAttempt }: HeadRows, dialect: SqlDialect): BuildHead {
  const { head } = recordOf(headColumns, build, dialect);
  return {
    build: recordOf(builds, build, dialect),
    states: statesOf(states.map((row) => recordOf(stateRecords, row, dialect))),
    openAttempt: openAttempt === undefined ? null : recordOf(attempts, openAttempt, dialect),
    lastEndedAt: head.lastEndedAt,
    counts: head.counts,
    resumeTarget: head.resumeTarget,
    lease: lease === undefined ? null : leaseOf(recordOf(leases, lease, dialect)),
    chain: head.chain,
  };
}

function answerOf(row: ResultRow | undefined, dialect: SqlDialect): RememberedReport | undefined {
  if (row === undefined) return undefined;
  const { eventId, answer } = recordOf(reports, row, dialect);
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
  readonly #head: HeadStatements;
  readonly #rows: BuildRows;

  constructor(context: SqlContext, project: ProjectSource) {
    this.#context = context;
    this.#project = project;
    this.#head = new HeadStatements(context.dialect);
    this.#rows = new BuildRows(context.dialect);
  }

  /** See `StateStore.loadBuild`. */
  async load(id: string, needs: LoadNeeds = {}): Promise<LoadedBuild | undefined> {
    const { dialect } = this.#context;
    const wanted = Object.entries(this.#rows.wanted(id, needs)).filter(([, list]) => list !== undefined);
    const statements = wanted.map(([, { statement }]) => statement);
    // No report has an empty id.
    const { head, lists } = await this.#read(id, needs.eventId ?? '', statements);
    if (head === undefined) return undefined;
    const { build, report } = head;
    const project = await this.#project(String(build.project_id), Number(build.project_revision));
    if (project === undefined) return undefined;
    const records = wanted.map(([name, list], index) => [name, list.records(lists[index] ?? [])]);
    return {
      snapshot: { ...headOf(head, dialect), project },
      now: Number(build.now_milliseconds),
      answered: answerOf(report, dialect),
      ...noLists(),
      ...Object.fromEntries(records),
    };
  }

  /** The head and some lists, all from the same state of the database. */
  async #read(
    id: string,
    eventId: string,
    listStatements: readonly Statement[],
  ): Promise<{ readonly head: JoinedHead | undefined; readonly lists: readonly (readonly ResultRow[])[] }> {
    const { session } = this.#context;
    if (session.readHead !== undefined && listStatements.length === 0) {
      return { head: await session.readHead(id, eventId), lists: [] };
    }
    const [[build] = [], states = [], [lease] = [], [openAttempt] = [], [report] = [], ...lists] =
      await session.read([
        this.#head.build({ id }),
        this.#head.states({ id }),
        this.#head.lease({ id }),
        this.#head.openAttempt({ id }),
        this.#head.report({ id, eventId }),
        ...listStatements,
      ]);
    return { head: build && { build, states, lease, openAttempt, report }, lists };
  }
}
