import type { ActorRecord, Actors, Erasure, Page, PageQuery } from '@buildstate/core';
import type { SqlContext } from '../context.ts';
import type { Statement } from '../dialect.ts';
import { type ListOrder, paged, pageOf } from '../page.ts';
import { prepared, statementOf } from '../prepared.ts';
import { readRows } from '../read.ts';
import { recordOf } from '../record-table.ts';
import { actors } from '../rows/actors-rows.ts';
import { inserter, type WriteRecord } from '../write-records.ts';

const idOrder: ListOrder = {
  list: 'actors',
  columns: [{ name: 'id', type: 'string' }],
  direction: 'asc',
};

/** Ids in one question: far below the most parameters that a database takes. */
const askedAtOnce = 500;

type Erased = Erasure & { readonly id: string };

/** Who acts. */
export class ActorTable implements Actors {
  readonly #context: SqlContext;
  readonly #insert: WriteRecord<ActorRecord>;
  readonly #byName: (values: { name: string }) => Statement;
  readonly #erase: (values: Erased) => Statement;

  constructor(context: SqlContext) {
    const { builder } = context.dialect;
    this.#context = context;
    this.#insert = inserter(context.dialect, actors);
    this.#byName = prepared<{ name: string }>(context.dialect, (value) =>
      builder.selectFrom('actors').selectAll().where('name', '=', value('name')).orderBy('id'),
    );
    this.#erase = prepared<Erased>(context.dialect, (value) =>
      builder
        .updateTable('actors')
        .set({ name: null, erased_at: value('at'), erased_by: value('by') })
        .where('id', '=', value('id'))
        .where('name', 'is not', null),
    );
  }

  /** See `Actors.findActors`. */
  async findActors(name: string): Promise<readonly ActorRecord[]> {
    return this.#records(this.#byName({ name }));
  }

  /** See `Actors.loadActors`. */
  async loadActors(ids: readonly string[]): Promise<readonly ActorRecord[]> {
    const { dialect } = this.#context;
    const found: ActorRecord[] = [];
    for (let first = 0; first < ids.length; first += askedAtOnce) {
      const some = ids.slice(first, first + askedAtOnce);
      const rows = dialect.builder.selectFrom('actors').selectAll().where('id', 'in', some);
      found.push(...(await this.#records(statementOf(dialect, rows))));
    }
    return found;
  }

  /** See `Actors.listActors`. */
  async listActors(query: PageQuery): Promise<Page<ActorRecord>> {
    const { dialect, session } = this.#context;
    const rows = paged(dialect.builder.selectFrom('actors').selectAll(), idOrder, query);
    const found = await readRows(session, statementOf(dialect, rows));
    return pageOf(found, idOrder, query, (row) => recordOf(actors, row, dialect));
  }

  /** See `Actors.addActor`. */
  async addActor(actor: ActorRecord): Promise<boolean> {
    const { applied } = await this.#context.session.write([{ ...this.#insert(actor), guard: true }]);
    return applied;
  }

  /** See `Actors.eraseActor`. */
  async eraseActor(id: string, erasure: Erasure): Promise<void> {
    await this.#context.session.write([this.#erase({ id, ...erasure })]);
  }

  /** See `Actors.scrubActors`: without a session that can, it is for the database to reuse what is free. */
  async scrubActors(): Promise<void> {
    await this.#context.session.scrub?.();
  }

  async #records(statement: Statement): Promise<ActorRecord[]> {
    const { dialect, session } = this.#context;
    return (await readRows(session, statement)).map((row) => recordOf(actors, row, dialect));
  }
}
