import { attemptStatuses, type StateStore } from '@buildstate/core';
import type { World } from './commands.ts';
import { everyPage } from './every-page.ts';
import { observeSearches } from './observe-searches.ts';

async function observeBuild(store: StateStore, id: string, world: World): Promise<unknown> {
  const loaded = await store.loadBuild(id, {
    attempts: { stateAbove: 5, statuses: attemptStatuses },
    artifacts: 'live',
    variables: true,
    resumeRequests: true,
    jobs: true,
  });
  const { version = 0 } = loaded?.snapshot.build ?? {};
  const reports: unknown[] = [];
  for (let made = 1; made <= version; made += 1)
    for (const eventId of world.eventIds) {
      const known = `${eventId.slice(0, -6)}${String(made).padStart(6, '0')}`;
      reports.push((await store.loadBuild(id, { eventId: known }))?.answered);
    }
  return {
    loaded,
    reports,
    found: [await store.findBuilds({ id }), await store.findBuilds({ idPrefix: id.slice(0, 20) })],
    attempts: await everyPage((query) => store.listAttempts(id, query)),
    failed: await everyPage((query) => store.listAttempts(id, { ...query, statuses: ['failed'], state: 10 })),
    one: await store.loadAttempt(id, id),
    artifacts: await everyPage((query) => store.listArtifacts(id, { ...query, includeDeleted: true })),
    variables: await store.listVariables(id),
    events: await everyPage((query) => store.listEvents(id, query)),
    later: await store.listEvents(id, { limit: 2, skip: 1, afterSeq: 2 }).then(({ items }) => items),
    requests: await store.listResumeRequests(id),
    jobs: await store.listJobs(id),
    whole: await store.loadWholeBuild(id),
  };
}

/** Everything that can be asked of a store about a world. */
export async function observe(store: StateStore, world: World): Promise<unknown> {
  const builds: unknown[] = [];
  for (const id of world.ids) builds.push(await observeBuild(store, id, world));
  const numbers = [0, 1, 2, 3].map((number) =>
    store.findBuilds({ projectId: world.project.id, buildNumber: `number-${number}` }),
  );
  const names = [0, 1, 2, 3].map((name) => store.loadReference('platforms', { name: `name-${name}` }));
  return {
    builds,
    numbers: await Promise.all(numbers),
    names: await Promise.all(names),
    listed: await everyPage((query) => store.listBuilds({ ...query, stateMin: 3, status: 'running' })),
    all: await everyPage((query) => store.listBuilds(query)),
    requests: await Promise.all(
      world.ids.flatMap((build) =>
        world.ids.map((id) => store.findResumeRequest(`${id.slice(0, -12)}${build.slice(-12)}`)),
      ),
    ),
    searches: await observeSearches(store, world),
    references: await everyPage((query) => store.listReferences('platforms', query)),
    projects: await everyPage((query) => store.listProjects({ ...query, includeDeactivated: true })),
    tokens: await store.listTokens(),
    ids: await everyPage((query) => store.listBuildIds(query)),
  };
}
