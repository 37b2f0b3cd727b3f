import type { BuildQuery } from '../ports/state-store.ts';
import { buildViews } from './build-views.ts';
import type { Engine } from './engine.ts';
import { withOutlooks } from './outlook.ts';

/** Builds that are looked at for one page. */
const mostLookedAt = 1000;

/** Builds that nobody has to look at: those that are over. */
const unfinished = ['pending', 'running', 'failed'] as const;

/**
 * A page of the builds that somebody should look at, newest first, each with the reasons. Which ones these are is
 * computed, not stored, so that unfinished builds are looked at until the page is half full, and a thousand at most.
 */
export async function listNeedingAttention(engine: Engine, query: BuildQuery) {
  const found: Awaited<ReturnType<typeof withOutlooks>> = [];
  let { cursor } = query;
  for (let lookedAt = 0; ; ) {
    const limit = query.limit - found.length;
    const { items, next } = await engine.parts.store.listBuilds({
      ...query,
      statuses: unfinished,
      cursor,
      limit,
      skip: cursor === query.cursor ? query.skip : 0,
    });
    const looked = await withOutlooks(engine, await buildViews(engine, items));
    found.push(...looked.filter(({ attention }) => attention.length > 0));
    lookedAt += items.length;
    cursor = next;
    if (next === undefined || found.length * 2 >= query.limit || lookedAt >= mostLookedAt)
      return { body: found, next };
  }
}
