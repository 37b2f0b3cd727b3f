import type {
  Artifact,
  ArtifactQuery,
  Attempt,
  AttemptQuery,
  Build,
  BuildQuery,
  ProjectQuery,
} from '@buildstate/core';

/** Whether a query that may leave a field open wants this value. */
export function wants<T>(wanted: T | undefined, value: T): boolean {
  return wanted === undefined || wanted === value;
}

/** Whether one of some fields contains a text, ignoring case. */
export function mentions(fields: readonly (string | null)[], text: string): boolean {
  const wanted = text.toLowerCase();
  return fields.some((field) => field?.toLowerCase().includes(wanted) === true);
}

/** Whether a list of builds shows this one. */
export function matchesBuild(build: Build, query: BuildQuery): boolean {
  return (
    build.deletedAt === null &&
    wants(query.projectId, build.projectId) &&
    wants(query.status, build.status) &&
    (query.statuses === undefined || query.statuses.includes(build.status)) &&
    wants<string | null>(query.platformId, build.platformId) &&
    wants<string | null>(query.parentBuildId, build.parentBuildId) &&
    build.currentState >= (query.stateMin ?? 0) &&
    build.currentState <= (query.stateMax ?? 100) &&
    build.createdAt >= (query.since ?? '') &&
    (query.q === undefined || mentions([build.buildNumber, build.description], query.q))
  );
}

/** Whether a list of attempts shows this one. */
export function matchesAttempt(attempt: Attempt, query: Omit<AttemptQuery, 'limit'>): boolean {
  return (
    wants(query.state, attempt.state) &&
    attempt.state > (query.stateAbove ?? -1) &&
    (query.statuses === undefined || query.statuses.includes(attempt.status))
  );
}

/** Whether a list of artifacts shows this one. */
export function matchesArtifact(artifact: Artifact, query: Omit<ArtifactQuery, 'limit'>): boolean {
  const live = artifact.deletedAt === null && artifact.supersededBy === null;
  return (
    (live || query.includeDeleted === true) &&
    wants(query.id, artifact.id) &&
    wants(query.stateCode, artifact.stateCode) &&
    wants(query.artifactName, artifact.artifactName) &&
    wants(query.artifactType, artifact.artifactType) &&
    wants(query.isResumable, artifact.isResumable) &&
    wants(query.isFinal, artifact.isFinal)
  );
}

/** Whether a list of projects or reference data shows this entry. */
export function matchesEntry(
  entry: { readonly deactivatedAt: string | null },
  query: Pick<ProjectQuery, 'includeDeactivated'>,
): boolean {
  return entry.deactivatedAt === null || query.includeDeactivated === true;
}
