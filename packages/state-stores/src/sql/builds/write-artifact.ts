import type { Artifact } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlDialect, Statement } from '../dialect.ts';
import { prepared } from '../prepared.ts';
import { artifacts } from '../rows/artifacts-rows.ts';
import { upserter } from '../write-records.ts';

/** Adds or replaces artifacts, and keeps their parents where children are looked up. */
export function artifactWriter(dialect: SqlDialect): (artifact: Artifact) => Statement[] {
  const upsert = upserter(dialect, artifacts, ['id', 'build_id']);
  const parent = prepared<{ parentId: string; id: string; buildId: string }>(
    dialect,
    (value) => sql`insert into artifact_parents (parent_id, artifact_id, build_id)
      values (${value('parentId')}, ${value('id')}, ${value('buildId')}) on conflict do nothing`,
  );
  return (artifact) => {
    const { id, buildId, parents } = artifact;
    return [upsert(artifact), ...parents.map((parentId) => parent({ parentId, id, buildId }))];
  };
}
