import { attemptStatuses, type StateStore } from '@buildstate/core';
import type { World } from './commands.ts';
import { everyPage } from './every-page.ts';

const inOrder = (tallies: readonly object[]): string[] =>
  tallies.map((tally) => JSON.stringify(Object.entries(tally).sort())).sort();

/** What can be asked of a store over all builds of a world. */
export async function observeSearches(store: StateStore, { project, ids }: World): Promise<unknown> {
  const projectId = project.id;
  const [one = '', two = ''] = ids;
  const artifacts = [
    {},
    { includeDeleted: true },
    { projectId, q: 'IMAGE-1' },
    { q: 's3://', artifactType: 'log' },
    { checksum: '1'.repeat(64), isFinal: false },
    { madeFrom: 'f'.repeat(64) },
    { ids: [one, two], isPinned: false },
    { parents: [one] },
    { parents: [one, two], isPinned: true },
    { projectId: one },
  ];
  const attempts = [
    { statuses: attemptStatuses },
    { statuses: ['failed'] as const, state: 10 },
    { platformId: two, component: '1' },
    { projectId, until: '2026-01-01T00:00:01.000Z' },
    { since: '2026-01-01T00:00:01.000Z' },
  ];
  const requests = [{}, { projectId, statuses: ['pending'] as const }, { statuses: ['completed'] as const }];
  const results: unknown[] = [];
  for (const query of artifacts)
    results.push(await everyPage((page) => store.searchArtifacts({ ...query, ...page })));
  for (const query of attempts)
    results.push(await everyPage((page) => store.searchAttempts({ ...query, ...page })));
  for (const query of requests)
    results.push(await everyPage((page) => store.searchResumeRequests({ ...query, ...page })));
  return [
    ...results,
    await store.recentAttempts({ projectId, builds: 2, statuses: ['completed', 'failed'] }),
    inOrder(await store.tallyBuilds({ by: [] })),
    inOrder(await store.tallyBuilds({ by: ['status', 'currentState', 'platformId', 'projectId'] })),
    inOrder(await store.tallyBuilds({ by: ['status'], projectId, platformId: two })),
    inOrder(await store.tallyArtifacts({ by: [] })),
    inOrder(await store.tallyArtifacts({ by: ['storageBackend', 'artifactType'], projectId })),
  ];
}
