import type { Build } from '../build/build.ts';
import type { StateCode } from '../build/state-code.ts';
import type { Engine } from './engine.ts';
import { byId, loadAwaited } from './surroundings.ts';
import { buildView } from './views.ts';

/** The catalogues of some projects, by id. */
export async function cataloguesOf(
  engine: Engine,
  projectIds: Iterable<string>,
): Promise<ReadonlyMap<string, readonly StateCode[]>> {
  const ids = [...new Set(projectIds)];
  const found = await Promise.all(ids.map((id) => engine.parts.store.loadProject({ id })));
  return new Map(ids.map((id, index) => [id, found[index]?.stateCodes ?? []]));
}

/** Builds as lists show them; one more read for all of them together when any waits for branches. */
export async function buildViews(engine: Engine, builds: readonly Build[]) {
  const projectIds = builds.map(({ projectId }) => projectId);
  const [catalogues, awaited] = await Promise.all([
    cataloguesOf(engine, projectIds),
    loadAwaited(engine.parts.store, builds),
  ]);
  const known = byId(awaited);
  return builds.map((build) => buildView(build, catalogues.get(build.projectId) ?? [], known));
}
