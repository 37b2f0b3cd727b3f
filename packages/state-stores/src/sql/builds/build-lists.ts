import type { Build, BuildQuery, BuildRef, Page } from '@buildstate/core';
import type { SqlContext } from '../context.ts';
import { isOneOf } from '../is-one-of.ts';
import { type ListOrder, paged, pageOf } from '../page.ts';
import { statementOf } from '../prepared.ts';
import { readRows } from '../read.ts';
import { recordOf } from '../record-table.ts';
import { builds } from '../rows/builds-rows.ts';

const order: ListOrder = {
  list: 'builds',
  columns: [
    { name: 'created_at', type: 'string' },
    { name: 'id', type: 'string' },
  ],
  direction: 'desc',
};

/** Sorts after every text that begins with the prefix. */
const endOf = (prefix: string): string => `${prefix}\u{10ffff}`;

/** Finds builds by what people say of them. */
export class BuildLists {
  readonly #context: SqlContext;

  constructor(context: SqlContext) {
    this.#context = context;
  }

  /** See `StateStore.findBuilds`. */
  async find(ref: BuildRef): Promise<readonly string[]> {
    const { dialect, session } = this.#context;
    let named = dialect.builder.selectFrom('builds').select('id').orderBy('id').limit(2);
    if ('id' in ref) named = named.where('id', '=', ref.id);
    else if (ref.projectId !== undefined) named = named.where('project_id', '=', ref.projectId);
    if ('idPrefix' in ref)
      named = named.where('id', '>=', ref.idPrefix).where('id', '<', endOf(ref.idPrefix));
    if ('buildNumber' in ref) named = named.where('build_number', '=', ref.buildNumber);
    const found = await readRows(session, statementOf(dialect, named));
    return found.map((row) => String(row.id));
  }

  /** See `StateStore.loadBuilds`. */
  async load(ids: readonly string[]): Promise<readonly Build[]> {
    const { dialect, session } = this.#context;
    const named = dialect.builder.selectFrom('builds').select(builds.names).where(isOneOf('id', ids));
    const found = await readRows(session, statementOf(dialect, named));
    return found.map((row) => recordOf(builds, row, dialect));
  }

  /** See `StateStore.listBuilds`. */
  async list(query: BuildQuery): Promise<Page<Build>> {
    const { dialect, session } = this.#context;
    const { projectId, status, statuses, platformId, stateMin, stateMax, parentBuildId, q, since } = query;
    let rows = dialect.builder.selectFrom('builds').select(builds.names).where('deleted_at', 'is', null);
    if (projectId !== undefined) rows = rows.where('project_id', '=', projectId);
    if (status !== undefined) rows = rows.where('status', '=', status);
    if (statuses !== undefined) rows = rows.where(isOneOf('status', statuses));
    if (platformId !== undefined) rows = rows.where('platform_id', '=', platformId);
    if (stateMin !== undefined) rows = rows.where('current_state', '>=', stateMin);
    if (stateMax !== undefined) rows = rows.where('current_state', '<=', stateMax);
    if (parentBuildId !== undefined) rows = rows.where('parent_build_id', '=', parentBuildId);
    if (since !== undefined) rows = rows.where('created_at', '>=', since);
    if (q !== undefined) {
      const matches = [dialect.contains('build_number', q), dialect.contains('description', q)];
      rows = rows.where(({ or }) => or(matches));
    }
    const found = await readRows(session, statementOf(dialect, paged(rows, order, query)));
    return pageOf(found, order, query, (row) => recordOf(builds, row, dialect));
  }
}
