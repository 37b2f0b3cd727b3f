import { isUuid } from '../text/uuid.ts';
import type { Engine } from './engine.ts';
import { loadProject } from './projects.ts';
import type { CallContext } from './tracker.ts';

/** What a question over all builds may be narrowed to. */
interface Narrowing {
  /** Id or name of a project. */
  readonly projectId?: string | undefined;
  /** Id or name of a platform. */
  readonly platformId?: string | undefined;
}

/**
 * The ids that a question over all builds names: a caller who is bound to a project asks about that one alone.
 * A platform that is not there is left as it is written, so that nothing is found for it.
 * @throws NotFoundError for a project that is not there or not the caller's to see
 */
export async function scopeOfSearch(
  engine: Engine,
  { projectId, platformId }: Narrowing,
  context: CallContext,
): Promise<Narrowing> {
  const project = projectId === undefined ? undefined : await loadProject(engine, projectId, context);
  return {
    projectId: project?.id ?? context.actor.projectId ?? undefined,
    platformId: await platformIdOf(engine, platformId),
  };
}

/** The id that a platform goes by; one that is not there is left as it is written. */
export async function platformIdOf(engine: Engine, ref: string | undefined): Promise<string | undefined> {
  if (ref === undefined) return undefined;
  if (isUuid(ref)) return ref.toLowerCase();
  return (await engine.parts.store.loadReference('platforms', { name: ref }))?.id ?? ref;
}
