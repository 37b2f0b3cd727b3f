import type { StreamedEvent, StreamPart, StreamQuery } from '@buildstate/core';
import { placeOf, positionOf } from '@buildstate/core/light';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import { isOneOf } from '../is-one-of.ts';
import { statementOf } from '../prepared.ts';
import { readRow } from '../read.ts';
import { type ResultRow, recordOf } from '../record-table.ts';
import { events } from '../rows/events-rows.ts';

/** Most events that conditions are tried on for one part. */
const mostTried = 10_000;

const everything = sql<SqlBool>`1 = 1`;

function hasConditions({ projectId, buildId, types, since }: StreamQuery): boolean {
  return [projectId, buildId, types, since].some((condition) => condition !== undefined);
}

/** The events of all builds, in the one order of the dialect's `eventOrder`. */
export class EventTable {
  readonly #context: SqlContext;
  readonly #columns: readonly string[];
  readonly #settled: RawBuilder<SqlBool>;

  constructor(context: SqlContext) {
    const { columns, settled = everything } = context.dialect.eventOrder;
    this.#context = context;
    this.#columns = columns;
    this.#settled = settled;
  }

  /** See `EventStream.readStream`. */
  async readStream(query: StreamQuery): Promise<StreamPart> {
    const { dialect, session } = this.#context;
    const tried = hasConditions(query) ? Math.max(mostTried, query.limit) : query.limit;
    // In one look, so that where the conditions ended and what is held back agree with the events.
    const [found = [], [last] = [], younger = []] = await session.read([
      statementOf(dialect, this.#part(query, tried)),
      statementOf(dialect, this.#lastTried(query, tried)),
      ...(this.#mayHoldBack(query) ? [statementOf(dialect, this.#heldBack())] : []),
    ]);
    const items = found.slice(0, query.limit).map((row) => this.#streamed(row));
    const held = younger.length > 0;
    const lastOf = items.at(-1);
    if (found.length > query.limit && lastOf !== undefined) return { items, next: lastOf.position, held };
    return last === undefined ? { items, held } : { items, next: this.#position(last), held };
  }

  /** See `EventStream.hasPosition`. */
  async hasPosition(position: string): Promise<boolean> {
    const { dialect, session } = this.#context;
    const place = placeOf(position, this.#columns.length, 'after');
    if (place === undefined) return true;
    const row = await readRow(
      session,
      statementOf(
        dialect,
        sql`select hash from build_events where (${this.#order}) = (${sql.join(place.order)})`,
      ),
    );
    return row !== undefined && String(row.hash).startsWith(place.mark);
  }

  get #order(): RawBuilder<unknown> {
    return sql.join(this.#columns.map((name) => sql.ref(name)));
  }

  #mayHoldBack({ order }: StreamQuery): boolean {
    return order === 'oldest' && this.#context.dialect.eventOrder.settled !== undefined;
  }

  #ordered({ order }: StreamQuery): RawBuilder<unknown> {
    const direction = sql.raw(order === 'oldest' ? 'asc' : 'desc');
    return sql.join(this.#columns.map((name) => sql`${sql.ref(name)} ${direction}`));
  }

  /** The settled events behind a position. */
  #behind(query: StreamQuery): RawBuilder<SqlBool> {
    const place = query.after === undefined ? undefined : placeOf(query.after, this.#columns.length, 'after');
    if (place === undefined) return this.#settled;
    const behind = sql.raw(query.order === 'oldest' ? '>' : '<');
    return sql<SqlBool>`(${this.#order}) ${behind} (${sql.join(place.order)}) and ${this.#settled}`;
  }

  #part(query: StreamQuery, tried: number): RawBuilder<unknown> {
    const { projectId, buildId, types, since, limit } = query;
    const conditions = [
      ...(projectId === undefined ? [] : [sql<SqlBool>`builds.project_id = ${projectId}`]),
      ...(buildId === undefined ? [] : [sql<SqlBool>`builds.id = ${buildId}`]),
      ...(types === undefined ? [] : [isOneOf('part.type', types)]),
      ...(since === undefined ? [] : [sql<SqlBool>`part.at >= ${since}`]),
    ];
    return sql`select part.*, builds.build_number, builds.project_id, builds.project
      from (select * from build_events where ${this.#behind(query)}
        order by ${this.#ordered(query)} limit ${tried + 1}) as part
      cross join builds
      where builds.id = part.build_id and ${sql.join([everything, ...conditions], sql` and `)}
      order by ${this.#ordered(query)} limit ${limit + 1}`;
  }

  /** The last event that conditions were tried on, if there are more behind it. */
  #lastTried(query: StreamQuery, tried: number): RawBuilder<unknown> {
    return sql`select ${this.#order}, hash from build_events where ${this.#behind(query)}
      order by ${this.#ordered(query)} limit 1 offset ${tried}`;
  }

  /** An event that can be seen and is not settled yet. */
  #heldBack(): RawBuilder<unknown> {
    return sql`select 1 as held from build_events where not (${this.#settled}) limit 1`;
  }

  #position(row: ResultRow): string {
    return positionOf(
      this.#columns.map((name) => String(row[name])),
      String(row.hash),
    );
  }

  #streamed(row: ResultRow): StreamedEvent {
    return {
      position: this.#position(row),
      event: recordOf(events, row, this.#context.dialect),
      build: {
        buildNumber: String(row.build_number),
        projectId: String(row.project_id),
        project: String(row.project),
      },
    };
  }
}
