import type { Page, ProjectQuery, ProjectRef, Reference, ReferenceKind, Timestamp } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import type { Statement } from '../dialect.ts';
import { type ListOrder, paged, pageOf } from '../page.ts';
import { statementOf } from '../prepared.ts';
import { readRow, readRows } from '../read.ts';
import { cellsOf, recordOf } from '../record-table.ts';
import { references } from '../rows/references-rows.ts';
import { inserter, upserter, type WriteRecord } from '../write-records.ts';

const kinds = Object.keys(references) as ReferenceKind[];

const orderOf = (kind: ReferenceKind): ListOrder => ({
  list: kind,
  columns: [{ name: 'name', type: 'string' }],
  direction: 'asc',
});

interface Writers {
  readonly upsert: WriteRecord<Reference>;
  readonly insert: WriteRecord<Reference>;
}

/** Reference data, each kind in its table. */
export class ReferenceTables {
  readonly #context: SqlContext;
  readonly #writers: ReadonlyMap<ReferenceKind, Writers>;

  constructor(context: SqlContext) {
    this.#context = context;
    const { dialect } = context;
    this.#writers = new Map(
      kinds.map((kind) => [
        kind,
        { upsert: upserter(dialect, references[kind], ['id']), insert: inserter(dialect, references[kind]) },
      ]),
    );
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
  async save(kind: ReferenceKind, reference: Reference, expected?: Timestamp | null): Promise<boolean> {
    const statement = this.#writing(kind, reference, expected);
    const { applied } = await this.#context.session.write([{ ...statement, guard: true }]);
    return applied;
  }

  #writing(kind: ReferenceKind, reference: Reference, expected: Timestamp | null | undefined): Statement {
    const { upsert, insert } = this.#writers.get(kind) as Writers;
    if (expected === undefined) return upsert(reference);
    return expected === null ? insert(reference) : this.#update(kind, reference, expected);
  }

  #update(kind: ReferenceKind, reference: Reference, expected: Timestamp): Statement {
    const { dialect } = this.#context;
    const table = references[kind];
    const cells = cellsOf(table.columns, reference, dialect);
    const set = table.names.map((name, index) => sql`${sql.ref(name)} = ${cells[index]}`);
    const wasUpdatedAt = dialect.encode('time', expected);
    const update = sql`update ${sql.table(kind)} set ${sql.join(set)}
      where id = ${reference.id} and updated_at = ${wasUpdatedAt}`;
    return statementOf(dialect, update);
  }
}
