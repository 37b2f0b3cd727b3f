import { textJson } from '@buildstate/core/light';
import { type RawBuilder, sql } from 'kysely';
import type { Statement, WriteStatement } from '../sql/dialect.ts';
import type { ColumnKind } from '../sql/record-table.ts';
import { input, joined, type WriteShape } from '../sql/write-shape.ts';
import { postgresDialect } from './postgres-dialect.ts';

/** A write of one build, all of whose statements could be part of a larger one. */
export interface MergeableWrite {
  /** Id of the build. */
  readonly buildId: string;
  /** The statement that decides, and those that depend on it. */
  readonly statements: readonly WriteStatement[];
}

/** Whole builds with a long history are better off alone. */
const mostStatements = 60;

function buildIdOf({ shape, parameters }: WriteStatement): unknown {
  return shape === undefined ? undefined : parameters[shape.build];
}

/** The write as one that can be merged; `undefined` when it has to be done alone. */
export function mergeable(statements: readonly WriteStatement[]): MergeableWrite | undefined {
  const [first] = statements;
  if (first?.shape?.decides !== true || first.guard !== true || statements.length > mostStatements)
    return undefined;
  const buildId = buildIdOf(first);
  if (typeof buildId !== 'string') return undefined;
  const fit = statements.every(
    (statement) => statement.shape?.decides === (statement === first) && buildIdOf(statement) === buildId,
  );
  return fit ? { buildId, statements } : undefined;
}

const typeOf: Readonly<Record<ColumnKind, string>> = {
  text: 'text',
  time: 'timestamptz',
  integer: 'bigint',
  real: 'float8',
  flag: 'boolean',
  json: 'json',
  structure: 'json',
};

/** A cell as JSON. Those of JSON are texts of it, and numbers and flags read the same in all languages. */
function cellText(kind: ColumnKind, cell: unknown): string {
  return kind === 'text' || kind === 'time' ? textJson(String(cell)) : String(cell);
}

/**
 * The values of a statement as a JSON object whose members are numbered, because short names are read faster. What is
 * left out is null.
 */
function rowText({ columns }: WriteShape, parameters: readonly unknown[]): string {
  let text = '';
  let index = 0;
  for (const { kind } of columns) {
    const cell = parameters[index];
    if (cell !== null && cell !== undefined) {
      text += `${text === '' ? '{"' : ',"'}${index}":${cellText(kind, cell)}`;
    }
    index += 1;
  }
  return text === '' ? '{}' : `${text}}`;
}

function source({ columns }: WriteShape, parameter: RawBuilder<unknown>): RawBuilder<unknown> {
  const members = columns.map(({ kind }, index) => sql`${sql.ref(String(index))} ${sql.raw(typeOf[kind])}`);
  const names = columns.map(({ name }) => sql.ref(name));
  return sql`rows from (json_to_recordset(${parameter}) as (${joined(members)})) as input(${joined(names)})`;
}

function mergedText(shapes: readonly WriteShape[]): string {
  const parts = shapes.map((shape, index) => {
    // As a test rather than a join: a table of hashes is looked into, while joins have to find rows by an index.
    const buildId = input(shape.columns[shape.build]?.name ?? '');
    const decided = sql`(${buildId} in (select id from decided)) is true`;
    const body = shape.many(source(shape, sql`${sql.val('')}::json`), decided);
    return { name: sql.ref(`part_${index}`), body, decides: shape.decides };
  });
  const deciders = parts.filter(({ decides }) => decides);
  const ids = deciders.map(({ name }) => sql`select id from ${name}`);
  const steps = [
    ...deciders.map(({ name, body }) => sql`${name} as (${body})`),
    sql`decided as (${sql.join(ids, sql` union all `)})`,
    ...parts.filter(({ decides }) => !decides).map(({ name, body }) => sql`${name} as (${body})`),
  ];
  return sql`with ${joined(steps)} select id from decided`.compile(postgresDialect.builder).sql;
}

/** The rows that statements of one shape write. */
interface Group {
  readonly shape: WriteShape;
  /** As JSON, with commas in between. */
  rows: string;
}

/**
 * Makes one statement of the writes of many builds. See ADR 0013: the rows of each table travel as one JSON parameter,
 * the rows of `builds` are written under their guards, and everything else only for those of them that were. Returns
 * the ids of these.
 */
export class WriteMerger {
  readonly #texts = new Map<string, string>();

  /** @param writes of different builds */
  merge(writes: readonly MergeableWrite[]): Statement {
    const groups = new Map<string, Group>();
    for (const { statements } of writes) {
      for (const { shape, parameters } of statements) {
        if (shape === undefined) continue;
        const row = rowText(shape, parameters);
        const group = groups.get(shape.name);
        if (group === undefined) groups.set(shape.name, { shape, rows: row });
        else group.rows += `,${row}`;
      }
    }
    // Deciders come first in the text, and so do their parameters; apart from that any fixed order will do.
    const ordered = [...groups.values()].sort(
      (a, b) => Number(b.shape.decides) - Number(a.shape.decides) || (a.shape.name < b.shape.name ? -1 : 1),
    );
    return {
      sql: this.#textOf(ordered.map(({ shape }) => shape)),
      parameters: ordered.map(({ rows }) => `[${rows}]`),
    };
  }

  #textOf(shapes: readonly WriteShape[]): string {
    const key = shapes.map(({ name }) => name).join();
    const known = this.#texts.get(key) ?? mergedText(shapes);
    this.#texts.set(key, known);
    return known;
  }
}
