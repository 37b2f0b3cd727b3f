import type {
  Artifact,
  ArtifactSearch,
  AttemptFacts,
  AttemptSearch,
  InBuild,
  Page,
  PageQuery,
  RecentAttempts,
  ResumeRequest,
  ResumeRequestSearch,
} from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import { isOneOf } from '../is-one-of.ts';
import { type ListOrder, type PageableQuery, paged, pageOf } from '../page.ts';
import { type Query, statementOf } from '../prepared.ts';
import { readRows } from '../read.ts';
import { flagCell, type RecordTable, recordOf } from '../record-table.ts';
import { artifacts } from '../rows/artifacts-rows.ts';
import { attemptFacts } from '../rows/attempts-rows.ts';
import { buildFacts } from '../rows/builds-rows.ts';
import { resumeRequests } from '../rows/resume-requests-rows.ts';

/** Newest first; two builds may each have a record of the same id. */
const newestFirst = (table: string): ListOrder => ({
  list: `all ${table}`,
  columns: ['created_at', 'id', 'build_id'].map((name) => ({ name, type: 'string', table })),
  direction: 'desc',
});

const artifactOrder = newestFirst(artifacts.name);
const attemptOrder = newestFirst(attemptFacts.name);
const requestOrder = newestFirst(resumeRequests.name);

/** What is selected of a build beside a record that has columns of the same names; see `buildFacts`. */
const ofBuild = [
  'builds.id as of_id',
  'builds.build_number as of_build_number',
  'builds.project_id as of_project_id',
  'builds.project as of_project',
  'builds.platform_id as of_platform_id',
  'builds.platform as of_platform',
  'builds.status as of_status',
  'builds.current_state as of_current_state',
] as const;

/**
 * Lists over all builds. The tables are cross joined because SQLite then goes through them in this order: along the
 * index of the list, and from each row to its build.
 */
export class BuildSearches {
  readonly #context: SqlContext;

  constructor(context: SqlContext) {
    this.#context = context;
  }

  /** See `BuildSearches.searchArtifacts` of the port. */
  searchArtifacts(query: ArtifactSearch): Promise<Page<InBuild<Artifact>>> {
    const { dialect } = this.#context;
    const { projectId, q, checksum, madeFrom, ids, parents, artifactType, isFinal, isPinned } = query;
    let rows = dialect.builder
      .selectFrom('build_artifacts')
      .crossJoin('builds')
      .whereRef('builds.id', '=', 'build_artifacts.build_id')
      .where('builds.deleted_at', 'is', null)
      .selectAll('build_artifacts')
      .select(ofBuild);
    if (projectId !== undefined) rows = rows.where('builds.project_id', '=', projectId);
    if (checksum !== undefined) rows = rows.where('checksum', '=', checksum);
    if (madeFrom !== undefined)
      rows = rows.where(
        sql.raw<string>(dialect.ddl.textIn('build_artifacts.metadata', 'made_from')),
        '=',
        madeFrom,
      );
    if (ids !== undefined) rows = rows.where(isOneOf('build_artifacts.id', ids));
    if (parents !== undefined)
      rows = rows.where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('build_artifacts.id', 'build_artifacts.build_id'),
          'in',
          selectFrom('artifact_parents')
            .select(['artifact_id', 'build_id'])
            .where(isOneOf('parent_id', parents))
            .$asTuple('artifact_id', 'build_id'),
        ),
      );
    if (artifactType !== undefined) rows = rows.where('artifact_type', '=', artifactType);
    if (isFinal !== undefined) rows = rows.where('is_final', '=', flagCell(dialect, isFinal));
    if (isPinned !== undefined) rows = rows.where('pinned_at', isPinned ? 'is not' : 'is', null);
    if (query.includeDeleted !== true)
      rows = rows.where('build_artifacts.deleted_at', 'is', null).where('superseded_by', 'is', null);
    if (q !== undefined) {
      const fields = ['artifact_name', 'artifact_type', 'artifact_path'];
      rows = rows.where(({ or }) => or(fields.map((field) => dialect.contains(field, q))));
    }
    return this.#page(rows, artifacts, artifactOrder, query);
  }

  /** See `BuildSearches.searchAttempts` of the port. */
  searchAttempts(query: AttemptSearch): Promise<Page<InBuild<AttemptFacts>>> {
    const { projectId, platformId, state, statuses, component, since, until } = query;
    let rows = this.#context.dialect.builder
      .selectFrom('build_states')
      .crossJoin('builds')
      .whereRef('builds.id', '=', 'build_states.build_id')
      .where('builds.deleted_at', 'is', null)
      .select(attemptFacts.names.map((name) => `build_states.${name}` as const))
      .select(ofBuild);
    if (projectId !== undefined) rows = rows.where('builds.project_id', '=', projectId);
    if (platformId !== undefined) rows = rows.where('builds.platform_id', '=', platformId);
    if (state !== undefined) rows = rows.where('state', '=', state);
    if (statuses !== undefined) rows = rows.where(isOneOf('build_states.status', statuses));
    if (component !== undefined) rows = rows.where('component', '=', component);
    if (since !== undefined) rows = rows.where('build_states.created_at', '>=', since);
    if (until !== undefined) rows = rows.where('build_states.created_at', '<', until);
    return this.#page(rows, attemptFacts, attemptOrder, query);
  }

  /** See `BuildSearches.recentAttempts` of the port. */
  async recentAttempts({ projectId, builds, statuses }: RecentAttempts): Promise<AttemptFacts[]> {
    const { dialect, session } = this.#context;
    const newest = dialect.builder
      .selectFrom('builds')
      .select(['id', 'created_at as of_created_at'])
      .where('project_id', '=', projectId)
      .where('deleted_at', 'is', null)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(builds);
    const rows = dialect.builder
      .selectFrom(newest.as('newest'))
      .crossJoin('build_states')
      .whereRef('build_states.build_id', '=', 'newest.id')
      .where(isOneOf('build_states.status', statuses))
      .select(attemptFacts.names.map((name) => `build_states.${name}` as const))
      .orderBy('newest.of_created_at', 'desc')
      .orderBy('newest.id', 'desc')
      .orderBy('build_states.created_at')
      .orderBy('build_states.id');
    const found = await readRows(session, statementOf(dialect, rows));
    return found.map((row) => recordOf(attemptFacts, row, dialect));
  }

  /** See `BuildSearches.searchResumeRequests` of the port. */
  searchResumeRequests(query: ResumeRequestSearch): Promise<Page<InBuild<ResumeRequest>>> {
    const { projectId, statuses, since, until } = query;
    let rows = this.#context.dialect.builder
      .selectFrom('resume_requests')
      .crossJoin('builds')
      .whereRef('builds.id', '=', 'resume_requests.build_id')
      .where('builds.deleted_at', 'is', null)
      .selectAll('resume_requests')
      .select(ofBuild);
    if (projectId !== undefined) rows = rows.where('builds.project_id', '=', projectId);
    if (statuses !== undefined) rows = rows.where(isOneOf('orchestration_status', statuses));
    if (since !== undefined) rows = rows.where('resume_requests.created_at', '>=', since);
    if (until !== undefined) rows = rows.where('resume_requests.created_at', '<', until);
    return this.#page(rows, resumeRequests, requestOrder, query);
  }

  async #page<R, Q extends PageableQuery<Q> & Query>(
    rows: Q,
    table: RecordTable<R>,
    order: ListOrder,
    query: PageQuery,
  ): Promise<Page<InBuild<R>>> {
    const { dialect, session } = this.#context;
    const found = await readRows(session, statementOf(dialect, paged(rows, order, query)));
    return pageOf(found, order, query, (row) => ({
      record: recordOf(table, row, dialect),
      build: recordOf(buildFacts, row, dialect),
    }));
  }
}
