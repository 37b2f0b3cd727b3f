import type { CompiledQuery, Kysely } from 'kysely';
import type { SqlDialect, Statement } from './dialect.ts';
import type { Schema } from './schema.ts';

/** What Kysely's query builders and its raw SQL have in common. */
export interface Query {
  /** Text and parameters. */
  compile(builder: Kysely<Schema>): CompiledQuery<unknown>;
}

/** A query as a statement of a dialect. */
export function statementOf(dialect: SqlDialect, query: Query): Statement {
  const { sql, parameters } = query.compile(dialect.builder);
  return { sql, parameters };
}

/** Stands for a value that is given when the query runs. */
class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Names the place of a value in a query. */
export type Placeholders<Values> = <K extends keyof Values & string>(name: K) => Values[K];

/**
 * A query that is built and compiled once, at its first use, and then only filled in: building one costs more than
 * running it.
 * @param build makes the query with placeholders where values belong. They must reach the query as they are
 */
export function prepared<Values extends object = Record<never, never>>(
  dialect: SqlDialect,
  build: (placeholder: Placeholders<Values>) => Query,
): (values: Values) => Statement {
  let compiled: Statement | undefined;
  return (values) => {
    compiled ??= statementOf(
      dialect,
      build((name) => new Parameter(name) as never),
    );
    const parameters = compiled.parameters.map((parameter) =>
      parameter instanceof Parameter ? values[parameter.name as keyof Values] : parameter,
    );
    return { sql: compiled.sql, parameters };
  };
}

/**
 * The same for a query that is run with each write, whose values come as a list: finding them by their places costs a
 * fraction of finding them by their names.
 * @param names what the values are called, in the order of the list; the query must have no other parameters
 */
export function preparedInOrder(
  dialect: SqlDialect,
  names: readonly string[],
  build: (placeholder: Placeholders<Readonly<Record<string, unknown>>>) => Query,
): (values: readonly unknown[]) => Statement {
  let compiled: { readonly sql: string; readonly places: readonly number[] } | undefined;
  const compile = () => {
    const { sql, parameters } = statementOf(
      dialect,
      build((name) => new Parameter(name)),
    );
    return { sql, places: parameters.map((parameter) => names.indexOf((parameter as Parameter).name)) };
  };
  return (values) => {
    compiled ??= compile();
    return { sql: compiled.sql, parameters: compiled.places.map((place) => values[place]) };
  };
}
