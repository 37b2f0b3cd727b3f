import type { Page, PageQuery, StateStore } from '@buildstate/core';
import { referenceKinds } from '@buildstate/core/light';
import type { StoreRecord } from './record.ts';

const pageSize = 500;

async function* everyEntry<T>(list: (query: PageQuery) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page: Page<T> = await list({ limit: pageSize, cursor });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}

/** Ids of all builds of a store, deleted ones included. */
export function buildIds(store: StateStore): AsyncGenerator<string> {
  return everyEntry((query) => store.listBuildIds(query));
}

/**
 * Everything that a store keeps, each record whole and at one version, in an order that depends on nothing but what is
 * kept: projects and reference data by name, keys by age, actors and builds by id. A project that is made meanwhile comes before
 * its first build, so that records can be put back in this order.
 */
export async function* storeRecords(store: StateStore): AsyncGenerator<StoreRecord> {
  const projects = new Set<string>();
  for await (const project of everyEntry((query) =>
    store.listProjects({ ...query, includeDeactivated: true }),
  )) {
    projects.add(project.id);
    yield { type: 'project', project };
  }
  for (const kind of referenceKinds) {
    const entries = everyEntry((query) => store.listReferences(kind, { ...query, includeDeactivated: true }));
    for await (const reference of entries) yield { type: 'reference', kind, reference };
  }
  for (const token of await store.listTokens()) yield { type: 'token', token };
  for await (const actor of everyEntry((query) => store.listActors(query))) yield { type: 'actor', actor };
  for await (const id of buildIds(store)) {
    const build = await store.loadWholeBuild(id);
    if (build === undefined) continue;
    const { projectId } = build.head.build;
    const project = projects.has(projectId) ? undefined : await store.loadProject({ id: projectId });
    projects.add(projectId);
    if (project !== undefined) yield { type: 'project', project };
    yield { type: 'build', build };
  }
}

/** Whether a store keeps nothing. */
export async function isEmpty(store: StateStore): Promise<boolean> {
  for await (const _ of storeRecords(store)) return false;
  return true;
}
