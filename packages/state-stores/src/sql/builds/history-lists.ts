import type {
  Artifact,
  ArtifactQuery,
  Attempt,
  AttemptQuery,
  BuildEvent,
  EventQuery,
  Page,
  PageQuery,
} from '@buildstate/core';
import type { SqlContext } from '../context.ts';
import { isOneOf } from '../is-one-of.ts';
import { type ListOrder, type PageableQuery, paged, pageOf } from '../page.ts';
import { type Query, statementOf } from '../prepared.ts';
import { readRow, readRows } from '../read.ts';
import { flagCell, type RecordTable, recordOf } from '../record-table.ts';
import { artifacts } from '../rows/artifacts-rows.ts';
import { attempts } from '../rows/attempts-rows.ts';
import { events } from '../rows/events-rows.ts';

const byAge = [
  { name: 'created_at', type: 'string' },
  { name: 'id', type: 'string' },
] as const;

const attemptOrder: ListOrder = { list: 'attempts', columns: byAge, direction: 'asc' };
const artifactOrder: ListOrder = {
  list: 'artifacts',
  columns: [{ name: 'state_code', type: 'number' }, ...byAge],
  direction: 'asc',
};
const eventOrder: ListOrder = {
  list: 'events',
  columns: [{ name: 'seq', type: 'number' }],
  direction: 'asc',
};

/** What a build has gathered, a page at a time. */
export class HistoryLists {
  readonly #context: SqlContext;

  constructor(context: SqlContext) {
    this.#context = context;
  }

  /** See `StateStore.listAttempts`. */
  listAttempts(buildId: string, query: AttemptQuery): Promise<Page<Attempt>> {
    const { state, stateAbove, statuses } = query;
    let rows = this.#context.dialect.builder
      .selectFrom('build_states')
      .selectAll()
      .where('build_id', '=', buildId);
    if (state !== undefined) rows = rows.where('state', '=', state);
    if (stateAbove !== undefined) rows = rows.where('state', '>', stateAbove);
    if (statuses !== undefined) rows = rows.where(isOneOf('status', statuses));
    return this.#page(rows, attempts, attemptOrder, query);
  }

  /** See `StateStore.loadAttempt`. */
  async loadAttempt(buildId: string, attemptId: string): Promise<Attempt | undefined> {
    const { dialect, session } = this.#context;
    const query = dialect.builder
      .selectFrom('build_states')
      .selectAll()
      .where('build_id', '=', buildId)
      .where('id', '=', attemptId);
    const row = await readRow(session, statementOf(dialect, query));
    return row && recordOf(attempts, row, dialect);
  }

  /** See `StateStore.listArtifacts`. */
  listArtifacts(buildId: string, query: ArtifactQuery): Promise<Page<Artifact>> {
    const { dialect } = this.#context;
    const { id, stateCode, artifactName, artifactType, isResumable, isFinal, includeDeleted } = query;
    let rows = dialect.builder.selectFrom('build_artifacts').selectAll().where('build_id', '=', buildId);
    if (id !== undefined) rows = rows.where('id', '=', id);
    if (stateCode !== undefined) rows = rows.where('state_code', '=', stateCode);
    if (artifactName !== undefined) rows = rows.where('artifact_name', '=', artifactName);
    if (artifactType !== undefined) rows = rows.where('artifact_type', '=', artifactType);
    if (isResumable !== undefined) rows = rows.where('is_resumable', '=', flagCell(dialect, isResumable));
    if (isFinal !== undefined) rows = rows.where('is_final', '=', flagCell(dialect, isFinal));
    if (includeDeleted !== true) {
      rows = rows.where('deleted_at', 'is', null).where('superseded_by', 'is', null);
    }
    return this.#page(rows, artifacts, artifactOrder, query);
  }

  /** See `StateStore.listEvents`. */
  listEvents(buildId: string, query: EventQuery): Promise<Page<BuildEvent>> {
    let rows = this.#context.dialect.builder
      .selectFrom('build_events')
      .selectAll()
      .where('build_id', '=', buildId);
    if (query.afterSeq !== undefined) rows = rows.where('seq', '>', query.afterSeq);
    return this.#page(rows, events, eventOrder, query);
  }

  async #page<R, Q extends PageableQuery<Q> & Query>(
    rows: Q,
    table: RecordTable<R>,
    order: ListOrder,
    query: PageQuery,
  ): Promise<Page<R>> {
    const { dialect, session } = this.#context;
    const found = await readRows(session, statementOf(dialect, paged(rows, order, query)));
    return pageOf(found, order, query, (row) => recordOf(table, row, dialect));
  }
}
