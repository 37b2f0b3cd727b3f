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
