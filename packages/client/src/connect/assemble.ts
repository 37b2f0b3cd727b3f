import type { Clock, Ids, Logger } from '@buildstate/core';
import type { ArtifactCacheOptions } from '@buildstate/transfer';
import { type ArtifactsApi, artifactRecordsApi } from '../api/artifacts.ts';
import { buildsApi, type ReportAnswer, type StateReport } from '../api/builds.ts';
import { eventsApi } from '../api/events.ts';
import { figuresApi } from '../api/figures.ts';
import { jobsApi } from '../api/jobs.ts';
import { operationsOf } from '../api/operations.ts';
import { projectsApi } from '../api/projects.ts';
import { referenceApis } from '../api/references.ts';
import { resumableStatesApi } from '../api/resumable-states.ts';
import { resumeApi } from '../api/resume.ts';
import { retentionApi } from '../api/retention.ts';
import { retryPoliciesApi } from '../api/retry-policies.ts';
import { stateCodesApi } from '../api/state-codes.ts';
import { tokensApi } from '../api/tokens.ts';
import { variablesApi } from '../api/variables.ts';
import type { ArtifactParts } from '../artifact/artifact-parts.ts';
import type { OpenPlaces } from '../artifact/open-places.ts';
import type { BuildStateClient } from '../client.ts';
import type { ClientDoor } from '../client-door.ts';
import { claimBuild } from '../lease/claim.ts';
import type { LeaseNotes } from '../lease/lease-notes.ts';
import { systemLeaseTimer } from '../lease/lease-timer.ts';
import { leasesApi } from '../lease/leases.ts';
import type { ReportOptions, ReportOutcome } from '../spool/report.ts';
import type { Spool } from '../spool/spool.ts';

/** What a client is made from. */
export interface ClientParts {
  /** The tracker. */
  readonly door: ClientDoor;
  /** Reports that wait for it. */
  readonly spool: Spool;
  /** What processes of this machine hold. */
  readonly leaseNotes: LeaseNotes;
  /** Places of artifacts. */
  readonly places: OpenPlaces;
  /** Folder in which is noted how far uploads are. */
  readonly journals: string;
  /** Who reports when a report does not say. */
  readonly reporter: string;
  /** Where downloads are kept for the next time. */
  readonly cache?: ArtifactCacheOptions;
  /** Makes ids. */
  readonly ids: Ids;
  /** Measures time. */
  readonly clock: Clock;
  /** Where the client says what it does. */
  readonly logger: Logger;
}

/** Uploads and downloads bring the transfer code with them, which most commands do not need. */
function movingArtifacts(parts: ArtifactParts): Pick<ArtifactsApi, 'upload' | 'download' | 'tryStorage'> {
  return {
    upload: async (build, artifact) =>
      (await import('../artifact/upload.ts')).uploadArtifact(parts, build, artifact),
    download: async (build, which, target, options) =>
      (await import('../artifact/download.ts')).downloadArtifact(parts, build, which, target, options),
    tryStorage: async (storage) => (await import('../artifact/try-storage.ts')).tryStorage(parts, storage),
  };
}

/** Puts the facade together over one door. */
export function assembleClient(parts: ClientParts): BuildStateClient {
  const { door, spool, leaseNotes, places, journals, cache, reporter, ids, clock, logger } = parts;
  const operations = operationsOf(door, ids, () => reporter);
  const claiming = { operations, notes: leaseNotes };
  const builds = buildsApi(operations, (options = {}) => claimBuild(claiming, options));
  const report = (
    build: string,
    content: StateReport,
    options?: ReportOptions,
  ): Promise<ReportOutcome<ReportAnswer>> => {
    const { eventId = ids.uuid(), reportedBy = reporter } = content;
    return spool.report('recordState', build, { ...content, eventId, reportedBy }, options);
  };
  const close = async () => {
    await places.close();
    await door.close();
  };
  const { serverBytes, checkSignature } = door;
  return {
    uri: door.uri,
    mode: door.mode,
    reporter,
    door,
    projects: projectsApi(operations),
    ...referenceApis(operations),
    stateCodes: stateCodesApi(operations),
    retryPolicies: retryPoliciesApi(operations),
    retention: retentionApi(operations),
    resumableStates: resumableStatesApi(operations),
    builds,
    leases: leasesApi({
      operations,
      notes: leaseNotes,
      deliverUnder: (token) => spool.deliverUnder(token),
      releaseLater: (build, token) => spool.releaseLater(build, token, ids.uuid()),
      timer: systemLeaseTimer,
      logger,
    }),
    artifacts: {
      ...artifactRecordsApi(operations),
      ...movingArtifacts({
        operations,
        getBuild: builds.get,
        report,
        places,
        journals,
        serverBytes,
        checkSignature,
        cache,
        clock,
        logger,
      }),
    },
    variables: variablesApi(operations),
    resume: resumeApi(operations),
    jobs: jobsApi(operations),
    events: eventsApi(operations, door),
    figures: figuresApi(operations),
    tokens: tokensApi(operations),
    spool,
    report,
    health: (options) => door.health(options),
    whoami: (options) => operations.call('getCaller', {}, options),
    close,
    [Symbol.asyncDispose]: close,
  };
}
