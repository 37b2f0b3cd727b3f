import type { DdlTypes } from '../dialect.ts';

/** One step of a schema. Once released, a step is never changed: what it got wrong, a later one puts right. */
export interface Migration {
  /** 1, 2, … without gaps. */
  readonly version: number;
  /** What it does, in a few words. */
  readonly name: string;
  /** The statements, in order. */
  statements(ddl: DdlTypes): readonly string[];
}

/** The steps of one schema, in order. */
export interface Schedule {
  /** The schema's name in `buildstate_schema`. */
  readonly schema: string;
  /** The steps. */
  readonly migrations: readonly Migration[];
}
