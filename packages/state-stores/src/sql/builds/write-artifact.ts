import type { Artifact } from '@buildstate/core';
import { sql } from 'kysely';
import type { SqlDialect, WriteStatement } from '../dialect.ts';
import { prepared } from '../prepared.ts';
import { artifacts } from '../rows/artifacts-rows.ts';
import { upserter } from '../write-records.ts';
import { insertShape } from '../write-shape.ts';

const parentShape = insertShape(
  'artifact_parents',
  [
    { name: 'parent_id', kind: 'text' },
    { name: 'artifact_id', kind: 'text' },
    { name: 'build_id', kind: 'text' },
  ],
  sql`on conflict do nothing`,
  'insert artifact_parents',
);

/** Adds or replaces artifacts, and keeps their parents where children are looked up. */
export function artifactWriter(dialect: SqlDialect): (artifact: Artifact) => WriteStatement[] {
  const upsert = upserter(dialect, artifacts, ['id', 'build_id']);
  const parent = prepared<{ parentId: string; id: string; buildId: string }>(
    dialect,
    (value) => sql`insert into artifact_parents (parent_id, artifact_id, build_id)
      values (${value('parentId')}, ${value('id')}, ${value('buildId')}) on conflict do nothing`,
  );
  return (artifact) => {
    const { id, buildId, parents } = artifact;
    return [
      upsert(artifact),
      ...parents.map((parentId) => ({ ...parent({ parentId, id, buildId }), shape: parentShape })),
    ];
  };
}
