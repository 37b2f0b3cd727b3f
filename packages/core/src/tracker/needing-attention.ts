import type { BuildQuery } from '../ports/state-store.ts';
import { buildViews } from './build-views.ts';
import type { Engine } from './engine.ts';
import { withOutlooks } from './outlook.ts';

/** Builds that are looked at for one page. */
const mostLookedAt = 1000;

/** Milliseconds that a count is good for: dashboards ask often, and each build has to be looked at. */
const countedFor = 15_000;

/** Builds that are not over; nobody has to look at the others. */
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

/** Counts builds that somebody should look at, at most every fifteen seconds for the same scope. */
export class AttentionCounts {
  readonly #engine: Engine;
  readonly #known = new Map<string, { readonly at: number; readonly count: Promise<number> }>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** How many of the newest thousand unfinished builds in a scope. */
  in(scope: Pick<BuildQuery, 'projectId' | 'platformId'>): Promise<number> {
    const at = this.#engine.parts.clock.monotonic();
    for (const [key, known] of this.#known) if (at - known.at >= countedFor) this.#known.delete(key);
    const key = JSON.stringify([scope.projectId, scope.platformId]);
    const known = this.#known.get(key);
    if (known !== undefined) return known.count;
    const count = this.#count(scope);
    this.#known.set(key, { at, count });
    count.catch(() => this.#known.delete(key));
    return count;
  }

  async #count(scope: Pick<BuildQuery, 'projectId' | 'platformId'>): Promise<number> {
    const { body } = await listNeedingAttention(this.#engine, { ...scope, limit: mostLookedAt });
    return body.length;
  }
}
