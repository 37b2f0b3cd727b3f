import { NotFoundError } from '../errors/not-found-error.ts';
import { buildCounts, countsBy } from '../figures/build-counts.ts';
import type { BuildTally } from '../ports/searches.ts';
import type { Reference } from '../project/reference.ts';
import { isUuid } from '../text/uuid.ts';
import { buildViews } from './build-views.ts';
import type { Engine } from './engine.ts';
import { type Handlers, pageOf } from './handler.ts';
import { AttentionCounts } from './needing-attention.ts';
import { scopeOfSearch } from './scope-of-search.ts';

type Names = 'getDashboardSummary' | 'listRecentBuilds' | 'getPlatformDashboard';

/** How many builds a dashboard shows. */
const usualRecent = 10;
/** Under what builds without a platform are counted. */
const noPlatform = 'none';

/** What platforms are called now, by id; one that is gone is called by its id. */
async function platformNames(
  engine: Engine,
  tallies: readonly BuildTally[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(tallies.flatMap(({ platformId }) => platformId ?? []))];
  const found = await Promise.all(ids.map((id) => engine.parts.store.loadReference('platforms', { id })));
  return new Map(ids.map((id, index) => [id, found[index]?.name ?? id]));
}

/** @throws NotFoundError */
async function loadPlatform(engine: Engine, ref: string): Promise<Reference> {
  const platform = await engine.parts.store.loadReference(
    'platforms',
    isUuid(ref) ? { id: ref.toLowerCase() } : { name: ref },
  );
  if (platform !== undefined) return platform;
  throw new NotFoundError(`There is no platform "${ref}". List them with \`bldst platform list\`.`, {
    context: { platform: ref },
  });
}

/** How builds stand at a glance. */
export function dashboardHandlers(engine: Engine): Handlers<Names> {
  const { store } = engine.parts;
  const recent = async (scope: Awaited<ReturnType<typeof scopeOfSearch>>) =>
    buildViews(engine, (await store.listBuilds({ ...scope, limit: usualRecent })).items);
  const attention = new AttentionCounts(engine);
  return {
    async getDashboardSummary({ query }, context) {
      const scope = await scopeOfSearch(engine, query, context);
      const [tallies, recentBuilds, needsAttention] = await Promise.all([
        store.tallyBuilds({ ...scope, by: ['status', 'currentState', 'platformId'] }),
        recent(scope),
        attention.in(scope),
      ]);
      const names = await platformNames(engine, tallies);
      const buildsByPlatform = countsBy(tallies, ({ platformId }) =>
        platformId ? (names.get(platformId) ?? platformId) : noPlatform,
      );
      return { body: { ...buildCounts(tallies), needsAttention, buildsByPlatform, recentBuilds } };
    },
    async listRecentBuilds({ query }, context) {
      const scope = await scopeOfSearch(engine, { projectId: query.projectId }, context);
      const page = { ...pageOf(query), limit: query.limit ?? usualRecent };
      const { items, next } = await store.listBuilds({ ...scope, ...page });
      return { body: await buildViews(engine, items), next };
    },
    async getPlatformDashboard({ params }, context) {
      const platform = await loadPlatform(engine, params.id);
      const scope = await scopeOfSearch(engine, { platformId: platform.id }, context);
      const [tallies, recentBuilds] = await Promise.all([
        store.tallyBuilds({ ...scope, by: ['status', 'currentState'] }),
        recent(scope),
      ]);
      const { id: platformId, name, displayName } = platform;
      return { body: { platformId, platform: name, displayName, ...buildCounts(tallies), recentBuilds } };
    },
  };
}
