import { pickArtifact } from '../artifact/decide-change.ts';
import { ancestorsOf, descendantsOf, type LineageSource, type Relative } from '../artifact/lineage.ts';
import type { Engine } from './engine.ts';
import type { Handlers } from './handler.ts';

/** Most artifacts of a lineage in each direction. */
const mostRelatives = 1000;
const usualDepth = 20;

/** The store's artifacts, of one project where the caller may see no other. */
function sourceOf(engine: Engine, projectId: string | null): LineageSource {
  const { store } = engine.parts;
  const scope = { projectId: projectId ?? undefined, includeDeleted: true };
  return {
    async withIds(ids) {
      return (await store.searchArtifacts({ ...scope, limit: 2 * ids.length, ids })).items;
    },
    async withParents(parents, limit) {
      return (await store.searchArtifacts({ ...scope, limit, parents })).items;
    },
  };
}

function relativeView({ id, depth, found }: Relative) {
  const { record, build } = found ?? {};
  return {
    artifactId: id,
    depth,
    known: found !== undefined,
    buildId: build?.id ?? null,
    buildNumber: build?.buildNumber ?? null,
    project: build?.project ?? null,
    artifactName: record?.artifactName ?? null,
    artifactType: record?.artifactType ?? null,
    stateCode: record?.stateCode ?? null,
    version: record?.version ?? null,
    checksum: record?.checksum ?? null,
    checksumAlgorithm: record?.checksumAlgorithm ?? null,
    isFinal: record?.isFinal ?? null,
    deletedAt: record?.deletedAt ?? null,
    parents: record?.parents ?? [],
  };
}

/** What artifacts were made from, over all builds. */
export function lineageHandlers(engine: Engine): Handlers<'getLineage'> {
  return {
    async getLineage({ params, query }, context) {
      const { snapshot, artifacts } = await engine.load(params.buildId, context, { artifacts: 'all' });
      const { build } = snapshot;
      const record = pickArtifact(artifacts, params.artifactId, `${build.project}:${build.buildNumber}`);
      const source = sourceOf(engine, context.actor.projectId);
      const limits = { depth: query.depth ?? usualDepth, artifacts: mostRelatives };
      const [up, down] = await Promise.all([
        ancestorsOf(record, source, limits),
        descendantsOf(record, source, limits),
      ]);
      return {
        body: {
          artifact: relativeView({ id: record.id, depth: 0, found: { record, build } }),
          ancestors: up.relatives.map(relativeView),
          descendants: down.relatives.map(relativeView),
          truncated: up.truncated || down.truncated,
        },
      };
    },
  };
}
