import type { Page, ProjectQuery, ProjectRef, Reference, ReferenceKind } from '@buildstate/core';
import type { SqlContext } from '../context.ts';
import { type ListOrder, paged, pageOf } from '../page.ts';
import { statementOf } from '../prepared.ts';
import { readRow, readRows } from '../read.ts';
import { recordOf } from '../record-table.ts';
import { references } from '../rows/references-rows.ts';
import { upserter, type WriteRecord } from '../write-records.ts';

const kinds = Object.keys(references) as ReferenceKind[];

const orderOf = (kind: ReferenceKind): ListOrder => ({
  list: kind,
  columns: [{ name: 'name', type: 'string' }],
  direction: 'asc',
});

/** Reference data, each kind in its table. */
export class ReferenceTables {
  readonly #context: SqlContext;
  readonly #upserts: ReadonlyMap<ReferenceKind, WriteRecord<Reference>>;

  constructor(context: SqlContext) {
    this.#context = context;
    this.#upserts = new Map(kinds.map((kind) => [kind, upserter(context.dialect, references[kind], ['id'])]));
  }

  /** See `StateStore.loadReference`. */
  async load(kind: ReferenceKind, ref: ProjectRef): Promise<Reference | undefined> {
    const { dialect, session } = this.#context;
    const rows = dialect.builder.selectFrom(kind).select(references[kind].names);
    const named = 'id' in ref ? rows.where('id', '=', ref.id) : rows.where('name', '=', ref.name);
    const row = await readRow(session, statementOf(dialect, named));
    return row && recordOf(references[kind], row, dialect);
  }

  /** See `StateStore.listReferences`. */
  async list(kind: ReferenceKind, query: ProjectQuery): Promise<Page<Reference>> {
    const { dialect, session } = this.#context;
    const rows = dialect.builder
      .selectFrom(kind)
      .select(references[kind].names)
      .$if(query.includeDeactivated !== true, (all) => all.where('deactivated_at', 'is', null));
    const order = orderOf(kind);
    const found = await readRows(session, statementOf(dialect, paged(rows, order, query)));
    return pageOf(found, order, query, (row) => recordOf(references[kind], row, dialect));
  }

  /** See `StateStore.saveReference`. */
  async save(kind: ReferenceKind, reference: Reference): Promise<boolean> {
    const upsert = this.#upserts.get(kind) as WriteRecord<Reference>;
    const { applied } = await this.#context.session.write([{ ...upsert(reference), guard: true }]);
    return applied;
  }
}
