import { groupBy } from '../figures/group-by.ts';
import { type Period, periodBefore } from '../figures/period.ts';
import { resumeStats, resumeSuccess } from '../figures/resumes.ts';
import { storageUsage } from '../figures/storage-usage.ts';
import { addSaved, nothingSaved, type SavedTime, savedTime } from '../figures/time-saved.ts';
import type { InBuild } from '../ports/searches.ts';
import type { ResumeRequest } from '../resume/resume-request.ts';
import type { Engine } from './engine.ts';
import { everything, type Handlers } from './handler.ts';
import { type Newest, readNewest } from './read-newest.ts';
import { scopeOfSearch } from './scope-of-search.ts';
import type { CallContext } from './tracker.ts';

type Names = 'getResumeStats' | 'getTimeSaved' | 'getStorageUsage' | 'getResumeSuccessRate';

/** Most resume requests that are read for one answer. */
const mostRequests = 20_000;
/** Most of them where the builds of all must be read as well. */
const mostResumes = 2000;
/** How many builds are read at once. */
const readTogether = 8;

interface Question {
  readonly projectId?: string | undefined;
  readonly period?: string | undefined;
}

/** The resume requests that a question is about. */
async function requestsIn(
  engine: Engine,
  { projectId }: Question,
  { since }: Period,
  context: CallContext,
  most: number,
): Promise<Newest<InBuild<ResumeRequest>>> {
  const scope = await scopeOfSearch(engine, { projectId }, context);
  const { store } = engine.parts;
  return readNewest(
    (page) => store.searchResumeRequests({ ...page, projectId: scope.projectId, since }),
    most,
  );
}

/** What the requests of one build have saved. */
async function savedInBuild(engine: Engine, requests: readonly ResumeRequest[]): Promise<SavedTime> {
  const buildId = requests[0]?.buildId ?? '';
  const { store } = engine.parts;
  const [all, { items }] = await Promise.all([
    store.listResumeRequests(buildId),
    store.listAttempts(buildId, everything),
  ]);
  return savedTime(requests, all, items);
}

/** What resuming builds is good for, and what artifacts take. */
export function resumeFigureHandlers(engine: Engine): Handlers<Names> {
  return {
    async getResumeStats({ query }, context) {
      const period = periodBefore(query.period ?? '30d', engine.now());
      const { items, truncated } = await requestsIn(engine, query, period, context, mostRequests);
      return { body: { ...period, ...resumeStats(items), truncated } };
    },
    async getResumeSuccessRate({ query }, context) {
      const period = periodBefore(query.period ?? '7d', engine.now());
      const { items, truncated } = await requestsIn(engine, query, period, context, mostRequests);
      return { body: { ...period, ...resumeSuccess(items), truncated } };
    },
    async getTimeSaved({ query }, context) {
      const period = periodBefore(query.period ?? '30d', engine.now());
      const { items, truncated } = await requestsIn(engine, query, period, context, mostResumes);
      const builds = [...groupBy(items, ({ build }) => build.id).values()];
      let saved = nothingSaved;
      for (let start = 0; start < builds.length; start += readTogether) {
        const some = builds.slice(start, start + readTogether);
        const results = await Promise.all(
          some.map((found) =>
            savedInBuild(
              engine,
              found.map(({ record }) => record),
            ),
          ),
        );
        saved = results.reduce(addSaved, saved);
      }
      return { body: { ...period, ...saved, truncated } };
    },
    async getStorageUsage({ query }, context) {
      const { projectId } = await scopeOfSearch(engine, query, context);
      const by = ['storageBackend', 'artifactType'] as const;
      return { body: storageUsage(await engine.parts.store.tallyArtifacts({ by, projectId })) };
    },
  };
}
