import type { ArtifactTally, ArtifactTallyQuery, BuildTally, BuildTallyQuery } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlContext } from '../context.ts';
import { statementOf } from '../prepared.ts';
import { readRows } from '../read.ts';
import { type RecordTable, type ResultRow, recordOf, tableOf } from '../record-table.ts';
import { artifacts } from '../rows/artifacts-rows.ts';
import { builds } from '../rows/builds-rows.ts';

/** The columns of the fields that records are told apart by. */
function traitsOf<R, K extends keyof R & string>(
  table: RecordTable<R>,
  by: readonly K[],
): RecordTable<Pick<R, K>> {
  const columns = table.columns.filter(({ field }) => by.some((trait) => trait === field));
  return tableOf(table.name, columns) as never;
}

const count = sql<number>`count(*)`.as('tally');

/** Counts over all builds, by the database itself. */
export class BuildTallies {
  readonly #context: SqlContext;

  constructor(context: SqlContext) {
    this.#context = context;
  }

  /** See `BuildSearches.tallyBuilds` of the port. */
  async builds({
    by,
    projectId,
    platformId,
    endedSince,
    since,
    until,
  }: BuildTallyQuery): Promise<readonly BuildTally[]> {
    const { dialect, session } = this.#context;
    const traits = traitsOf(builds, by);
    let rows = dialect.builder.selectFrom('builds').select(count).where('deleted_at', 'is', null);
    if (projectId !== undefined) rows = rows.where('project_id', '=', projectId);
    if (platformId !== undefined) rows = rows.where('platform_id', '=', platformId);
    if (since !== undefined) rows = rows.where('created_at', '>=', since);
    if (until !== undefined) rows = rows.where('created_at', '<', until);
    if (endedSince !== undefined) rows = rows.where('end_time', '>=', endedSince);
    if (traits.names.length > 0) rows = rows.select(traits.names).groupBy(traits.names);
    const found = await readRows(session, statementOf(dialect, rows));
    return found.flatMap((row) => {
      const tally = Number(row.tally);
      return tally === 0 ? [] : [{ ...recordOf(traits, row, dialect), count: tally }];
    });
  }

  /** See `BuildSearches.tallyArtifacts` of the port. */
  async artifacts({ by, projectId }: ArtifactTallyQuery): Promise<readonly ArtifactTally[]> {
    const { dialect, session } = this.#context;
    const traits = traitsOf(artifacts, by);
    let rows = dialect.builder
      .selectFrom('build_artifacts')
      .innerJoin('builds', 'builds.id', 'build_artifacts.build_id')
      .where('builds.deleted_at', 'is', null)
      .where('build_artifacts.deleted_at', 'is', null)
      .select([
        count,
        // As a floating-point number, because whole ones may overflow.
        sql<number>`sum(cast(size_bytes as double precision))`.as('bytes'),
        sql<number>`count(size_bytes)`.as('sized'),
      ]);
    if (projectId !== undefined) rows = rows.where('builds.project_id', '=', projectId);
    if (traits.names.length > 0) rows = rows.select(traits.names).groupBy(traits.names);
    const found = await readRows(session, statementOf(dialect, rows));
    return found.flatMap((row) => {
      const sums = sumsOf(row);
      return sums.count === 0 ? [] : [{ ...recordOf(traits, row, dialect), ...sums }];
    });
  }
}

function sumsOf(row: ResultRow): Pick<ArtifactTally, 'count' | 'bytes' | 'unsized'> {
  const tally = Number(row.tally);
  return { count: tally, bytes: Number(row.bytes ?? 0), unsized: tally - Number(row.sized) };
}
