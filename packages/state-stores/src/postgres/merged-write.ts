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

/** What stands before a cell of a row, and how the cell is written. */
interface Member {
  /** As of the first member of an object. */
  readonly first: string;
  /** As of any other. */
  readonly next: string;
  readonly kind: ColumnKind;
}

/** Names are numbers, because short ones are read faster. */
function membersOf({ columns }: WriteShape): readonly Member[] {
  return columns.map(({ kind }, index) => ({ first: `{"${index}":`, next: `,"${index}":`, kind }));
}

/** A cell as JSON. Those of JSON are texts of it, and numbers and flags read the same in all languages. */
function cellText(kind: ColumnKind, cell: unknown): string {
  return kind === 'text' || kind === 'time' ? textJson(String(cell)) : String(cell);
}

/** The values of a statement as a JSON object. What is left out is null. */
function rowText(members: readonly Member[], parameters: readonly unknown[]): string {
  let text = '';
  for (let index = 0; index < members.length; index += 1) {
    const cell = parameters[index];
    const member = members[index];
    if (cell === null || cell === undefined || member === undefined) continue;
    text += (text === '' ? member.first : member.next) + cellText(member.kind, cell);
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
  readonly members: readonly Member[];
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
  readonly #members = new Map<string, readonly Member[]>();

  /** @param writes of different builds */
  merge(writes: readonly MergeableWrite[]): Statement {
    const groups = new Map<string, Group>();
    for (const { statements } of writes) {
      for (const { shape, parameters } of statements) {
        if (shape === undefined) continue;
        const group = groups.get(shape.name);
        if (group === undefined) {
          const members = this.#membersOf(shape);
          groups.set(shape.name, { shape, members, rows: rowText(members, parameters) });
        } else group.rows += `,${rowText(group.members, parameters)}`;
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

  #membersOf(shape: WriteShape): readonly Member[] {
    const members = this.#members.get(shape.name) ?? membersOf(shape);
    this.#members.set(shape.name, members);
    return members;
  }

  #textOf(shapes: readonly WriteShape[]): string {
    const key = shapes.map(({ name }) => name).join();
    const known = this.#texts.get(key) ?? mergedText(shapes);
    this.#texts.set(key, known);
    return known;
  }
}
