import type {
  Artifact,
  ArtifactSearch,
  ArtifactTally,
  ArtifactTallyQuery,
  Attempt,
  AttemptFacts,
  AttemptSearch,
  Build,
  BuildFacts,
  BuildTally,
  BuildTallyQuery,
  InBuild,
  Page,
  RecentAttempts,
  ResumeRequest,
  ResumeRequestSearch,
  Stretch,
} from '@buildstate/core';
import { type Order, pageOf, sorted } from '@buildstate/core/light';
import { matchesArtifact, mentions, wants } from './filters.ts';
import { attemptOrder, buildOrder } from './orders.ts';

interface Found {
  readonly id: string;
  readonly buildId: string;
  readonly createdAt: string;
}

/** A build with rows of it that may be what is searched for. */
export interface SearchedBuild<T> {
  /** The build. */
  readonly build: Build;
  /** Its rows of one kind. */
  readonly rows: Iterable<T>;
}

/** Newest first; the same id may be known to two builds. */
const searchOrder: Order<InBuild<Found>> = {
  shape: ['string', 'string', 'string'],
  key: ({ record: { createdAt, id, buildId } }) => [createdAt, id, buildId],
  descending: true,
};

function within(createdAt: string, { since = '', until }: Stretch): boolean {
  return createdAt >= since && (until === undefined || createdAt < until);
}

/** Whether a search over all builds looks into this one. */
export function searchesIn(
  build: Build,
  query: { readonly projectId?: string | undefined; readonly platformId?: string | undefined },
): boolean {
  return (
    build.deletedAt === null &&
    wants(query.projectId, build.projectId) &&
    wants<string | null>(query.platformId, build.platformId)
  );
}

function factsOf(build: Build): BuildFacts {
  const { id, buildNumber, projectId, project, platformId, platform, status, currentState } = build;
  return { id, buildNumber, projectId, project, platformId, platform, status, currentState };
}

function* found<T>(
  builds: Iterable<SearchedBuild<T>>,
  query: { readonly projectId?: string | undefined; readonly platformId?: string | undefined },
  matches: (row: T) => boolean,
): Generator<InBuild<T>> {
  for (const { build, rows } of builds)
    if (searchesIn(build, query))
      for (const record of rows) if (matches(record)) yield { record, build: factsOf(build) };
}

/** See `BuildSearches.searchArtifacts`. */
export function searchArtifacts(
  builds: Iterable<SearchedBuild<Artifact>>,
  query: ArtifactSearch,
): Page<InBuild<Artifact>> {
  const { q, checksum, madeFrom, ids, parents, artifactType, isFinal, isPinned, includeDeleted } = query;
  const matches = (artifact: Artifact) =>
    matchesArtifact(artifact, { artifactType, isFinal, includeDeleted }) &&
    wants<string | null>(checksum, artifact.checksum) &&
    (madeFrom === undefined || artifact.metadata.made_from === madeFrom) &&
    wants(isPinned, artifact.pinnedAt !== null) &&
    (ids === undefined || ids.includes(artifact.id)) &&
    (parents === undefined || artifact.parents.some((parent) => parents.includes(parent))) &&
    (q === undefined || mentions([artifact.artifactName, artifact.artifactType, artifact.artifactPath], q));
  return pageOf(found(builds, query, matches), query, searchOrder);
}

function attemptFacts(attempt: Attempt): AttemptFacts {
  const { id, buildId, state, attempt: number, status, startTime, startInferred, endTime } = attempt;
  const { durationSeconds, errorCode, errorCategory, component, createdAt } = attempt;
  return {
    id,
    buildId,
    state,
    attempt: number,
    status,
    startTime,
    startInferred,
    endTime,
    durationSeconds,
    errorCode,
    errorCategory,
    component,
    createdAt,
  };
}

/** See `BuildSearches.searchAttempts`. */
export function searchAttempts(
  builds: Iterable<SearchedBuild<Attempt>>,
  query: AttemptSearch,
): Page<InBuild<AttemptFacts>> {
  const { state, statuses, component } = query;
  const matches = (attempt: Attempt) =>
    wants(state, attempt.state) &&
    wants<string | null>(component, attempt.component) &&
    (statuses === undefined || statuses.includes(attempt.status)) &&
    within(attempt.createdAt, query);
  const page = pageOf(found(builds, query, matches), query, searchOrder);
  return { ...page, items: page.items.map(({ record, build }) => ({ record: attemptFacts(record), build })) };
}

/** See `BuildSearches.recentAttempts`. */
export function recentAttempts(
  builds: Iterable<SearchedBuild<Attempt>>,
  { projectId, builds: most, statuses }: RecentAttempts,
): AttemptFacts[] {
  const ofProject = [...builds].filter(({ build }) => searchesIn(build, { projectId }));
  const rows = new Map(ofProject.map(({ build, rows: attempts }) => [build.id, attempts]));
  const newest = sorted(
    ofProject.map(({ build }) => build),
    buildOrder,
  ).slice(0, most);
  return newest.flatMap(({ id }) =>
    sorted(rows.get(id) ?? [], attemptOrder)
      .filter(({ status }) => statuses.includes(status))
      .map(attemptFacts),
  );
}

/** See `BuildSearches.searchResumeRequests`. */
export function searchResumeRequests(
  builds: Iterable<SearchedBuild<ResumeRequest>>,
  query: ResumeRequestSearch,
): Page<InBuild<ResumeRequest>> {
  const { statuses } = query;
  const matches = ({ orchestrationStatus, createdAt }: ResumeRequest) =>
    (statuses === undefined || statuses.includes(orchestrationStatus)) && within(createdAt, query);
  return pageOf(found(builds, query, matches), query, searchOrder);
}

/** Records with the same values of `traits`, together. */
function kindsOf<T, K extends keyof T & string>(
  records: Iterable<T>,
  traits: readonly K[],
): { readonly kind: Pick<T, K>; readonly members: T[] }[] {
  const kinds = new Map<string, { kind: Pick<T, K>; members: T[] }>();
  for (const record of records) {
    const kind = Object.fromEntries(traits.map((trait) => [trait, record[trait]])) as Pick<T, K>;
    const key = JSON.stringify(kind);
    const known = kinds.get(key) ?? { kind, members: [] };
    known.members.push(record);
    kinds.set(key, known);
  }
  return [...kinds.values()];
}

/** See `BuildSearches.tallyBuilds`. */
export function tallyBuilds(builds: Iterable<Build>, query: BuildTallyQuery): BuildTally[] {
  const { endedSince } = query;
  const counted = [...builds].filter(
    (build) =>
      searchesIn(build, query) &&
      within(build.createdAt, query) &&
      (endedSince === undefined || (build.endTime !== null && build.endTime >= endedSince)),
  );
  return kindsOf(counted, query.by).map(({ kind, members }) => ({ ...kind, count: members.length }));
}

/** See `BuildSearches.tallyArtifacts`. */
export function tallyArtifacts(
  builds: Iterable<SearchedBuild<Artifact>>,
  query: ArtifactTallyQuery,
): ArtifactTally[] {
  const kept = [...found(builds, query, ({ deletedAt }) => deletedAt === null)].map(({ record }) => record);
  return kindsOf(kept, query.by).map(({ kind, members }) => ({
    ...kind,
    count: members.length,
    bytes: members.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
    unsized: members.filter(({ sizeBytes }) => sizeBytes === null).length,
  }));
}
