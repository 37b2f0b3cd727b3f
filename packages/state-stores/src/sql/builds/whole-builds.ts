import type { Page, PageQuery, WholeBuild } from '@buildstate/core';
import { wholeBuildOf } from '../../lists/whole-build.ts';
import type { SqlContext } from '../context.ts';
import type { SqlDialect, Statement, WriteStatement } from '../dialect.ts';
import { type ListOrder, paged, pageOf } from '../page.ts';
import { prepared, statementOf } from '../prepared.ts';
import { readRows } from '../read.ts';
import { type RecordTable, type ResultRow, recordOf } from '../record-table.ts';
import { artifacts } from '../rows/artifacts-rows.ts';
import { attempts } from '../rows/attempts-rows.ts';
import { events } from '../rows/events-rows.ts';
import { jobs } from '../rows/jobs-rows.ts';
import { leases } from '../rows/leases-rows.ts';
import { reports } from '../rows/reports-rows.ts';
import { resumeRequests } from '../rows/resume-requests-rows.ts';
import { stateRecords } from '../rows/state-records-rows.ts';
import { replacedVariables, variableHistory } from '../rows/variable-history-rows.ts';
import { variables } from '../rows/variables-rows.ts';
import { inserter } from '../write-records.ts';
import { HeadStatements, headOf } from './build-loader.ts';
import { artifactWriter } from './write-artifact.ts';
import { headWriter } from './write-head.ts';

const idOrder: ListOrder = {
  list: 'build ids',
  columns: [{ name: 'id', type: 'string' }],
  direction: 'asc',
};

type OfBuild = { readonly id: string };

/** The statements that read all rows of a build in one table. */
class RowStatements {
  readonly attempts: (build: OfBuild) => Statement;
  readonly artifacts: (build: OfBuild) => Statement;
  readonly variables: (build: OfBuild) => Statement;
  readonly history: (build: OfBuild) => Statement;
  readonly requests: (build: OfBuild) => Statement;
  readonly jobs: (build: OfBuild) => Statement;
  readonly events: (build: OfBuild) => Statement;
  readonly reports: (build: OfBuild) => Statement;

  constructor(dialect: SqlDialect) {
    const { builder } = dialect;
    this.attempts = prepared<OfBuild>(dialect, (value) =>
      builder.selectFrom('build_states').selectAll().where('build_id', '=', value('id')),
    );
    this.artifacts = prepared<OfBuild>(dialect, (value) =>
      builder.selectFrom('build_artifacts').selectAll().where('build_id', '=', value('id')),
    );
    this.variables = prepared<OfBuild>(dialect, (value) =>
      builder.selectFrom('build_variables').selectAll().where('build_id', '=', value('id')),
    );
    this.history = prepared<OfBuild>(dialect, (value) =>
      builder
        .selectFrom('build_variable_history')
        .selectAll()
        .where('build_id', '=', value('id'))
        .orderBy('position'),
    );
    this.requests = prepared<OfBuild>(dialect, (value) =>
      builder.selectFrom('resume_requests').selectAll().where('build_id', '=', value('id')),
    );
    this.jobs = prepared<OfBuild>(dialect, (value) =>
      builder.selectFrom('build_jobs').selectAll().where('build_id', '=', value('id')),
    );
    this.events = prepared<OfBuild>(dialect, (value) =>
      builder.selectFrom('build_events').selectAll().where('build_id', '=', value('id')),
    );
    this.reports = prepared<OfBuild>(dialect, (value) =>
      builder.selectFrom('reports').selectAll().where('build_id', '=', value('id')),
    );
  }
}

/** The statements that write a whole build. The row of the build comes first: it refuses what is taken. */
function restorer(dialect: SqlDialect): (whole: WholeBuild) => WriteStatement[] {
  const { insert: head } = headWriter(dialect);
  const lease = inserter(dialect, leases);
  const state = inserter(dialect, stateRecords);
  const attempt = inserter(dialect, attempts);
  const artifact = artifactWriter(dialect);
  const variable = inserter(dialect, variables);
  const replaced = inserter(dialect, variableHistory);
  const request = inserter(dialect, resumeRequests);
  const job = inserter(dialect, jobs);
  const event = inserter(dialect, events);
  const report = inserter(dialect, reports);
  return (whole) => {
    const buildId = whole.head.build.id;
    const newest = whole.head.lease;
    return [
      head(whole.head),
      ...(newest === null ? [] : [lease({ ...newest, buildId })]),
      ...Object.values(whole.head.states).map((record) => state({ ...record, buildId })),
      ...whole.attempts.map(attempt),
      ...whole.artifacts.flatMap(artifact),
      ...replacedVariables(whole.variableHistory, whole.variables).map(replaced),
      ...whole.variables.map(variable),
      ...whole.resumeRequests.map(request),
      ...whole.jobs.map(job),
      ...whole.events.map(event),
      ...whole.reports.map((entry) => report({ ...entry, buildId })),
    ];
  };
}

/** Builds as they are, for moving them. */
export class WholeBuildTables {
  readonly #context: SqlContext;
  readonly #head: HeadStatements;
  readonly #rows: RowStatements;
  readonly #restore: ReturnType<typeof restorer>;

  constructor(context: SqlContext) {
    this.#context = context;
    this.#head = new HeadStatements(context.dialect);
    this.#rows = new RowStatements(context.dialect);
    this.#restore = restorer(context.dialect);
  }

  /** See `WholeBuilds.listBuildIds`. */
  async listIds(query: PageQuery): Promise<Page<string>> {
    const { dialect, session } = this.#context;
    const rows = paged(dialect.builder.selectFrom('builds').select('id'), idOrder, query);
    const found = await readRows(session, statementOf(dialect, rows));
    return pageOf(found, idOrder, query, ({ id }) => String(id));
  }

  /** See `WholeBuilds.loadWholeBuild`. */
  async load(id: string): Promise<WholeBuild | undefined> {
    const { dialect, session } = this.#context;
    const [[build] = [], states = [], [lease] = [], [openAttempt] = [], ...lists] = await session.read([
      this.#head.build({ id }),
      this.#head.states({ id }),
      this.#head.lease({ id }),
      this.#head.openAttempt({ id }),
      this.#rows.attempts({ id }),
      this.#rows.artifacts({ id }),
      this.#rows.variables({ id }),
      this.#rows.history({ id }),
      this.#rows.requests({ id }),
      this.#rows.jobs({ id }),
      this.#rows.events({ id }),
      this.#rows.reports({ id }),
    ]);
    if (build === undefined) return undefined;
    const records = <R>(table: RecordTable<R>, rows: readonly ResultRow[] = []): R[] =>
      rows.map((row) => recordOf(table, row, dialect));
    return wholeBuildOf(headOf({ build, states, lease, openAttempt }, dialect), {
      attempts: records(attempts, lists[0]),
      artifacts: records(artifacts, lists[1]),
      variables: records(variables, lists[2]),
      variableHistory: records(variables, lists[3]),
      resumeRequests: records(resumeRequests, lists[4]),
      jobs: records(jobs, lists[5]),
      events: records(events, lists[6]),
      reports: records(reports, lists[7]).map(({ eventId, answer }) => ({ eventId, answer })),
    });
  }

  /** See `WholeBuilds.restoreBuild`; the build that is in the way is for the caller to find. */
  async restore(whole: WholeBuild): Promise<boolean> {
    const { applied } = await this.#context.session.write(this.#restore(whole));
    return applied;
  }
}
