import { parseChecksum } from '../artifact/checksum.ts';
import type { Engine } from './engine.ts';
import { type Handlers, pageOf } from './handler.ts';
import { scopeOfSearch } from './scope-of-search.ts';

/** Searches over all builds. */
export function searchHandlers(engine: Engine): Handlers<'searchArtifacts'> {
  return {
    async searchArtifacts({ query }, context) {
      const { q, checksum, madeFrom, artifactType, parentId, isFinal, isPinned, includeDeleted } = query;
      const { projectId } = await scopeOfSearch(engine, { projectId: query.projectId }, context);
      const { items, next } = await engine.parts.store.searchArtifacts({
        ...pageOf(query),
        projectId,
        q,
        checksum: checksum === undefined ? undefined : parseChecksum(checksum).hex,
        madeFrom,
        parents: parentId === undefined ? undefined : [parentId],
        artifactType,
        isFinal,
        isPinned,
        includeDeleted,
      });
      const body = items.map(({ record, build }) => ({
        ...record,
        buildNumber: build.buildNumber,
        projectId: build.projectId,
        project: build.project,
      }));
      return { body, next };
    },
  };
}
