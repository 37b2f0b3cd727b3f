import type { Clock, Logger } from '@buildstate/core';
import type { ArtifactCacheOptions } from '@buildstate/transfer';
import type { BuildsApi, ReportAnswer, StateReport } from '../api/builds.ts';
import type { CallOptions } from '../api/call.ts';
import type { Operations } from '../api/operations.ts';
import type { ClientDoor } from '../client-door.ts';
import type { ReportOptions, ReportOutcome } from '../spool/report.ts';
import type { OpenPlaces } from './open-places.ts';
import type { ServerBytes } from './server-bytes.ts';

/** What moving artifact bytes needs. */
export interface ArtifactParts {
  /** The operations. */
  readonly operations: Operations;
  /** Looks a build up. */
  readonly getBuild: BuildsApi['get'];
  /** Sends a report, or keeps it. */
  readonly report: (
    build: string,
    report: StateReport,
    options?: ReportOptions & CallOptions,
  ) => Promise<ReportOutcome<ReportAnswer>>;
  /** Opens places. */
  readonly places: OpenPlaces;
  /** The bytes that the tracker keeps itself, where it does. */
  readonly serverBytes?: ServerBytes;
  /** Checks a record's signature, where this side has the keys. */
  readonly checkSignature?: ClientDoor['checkSignature'];
  /** Folder in which is noted how far uploads are. */
  readonly journals: string;
  /** Where downloads are kept for the next time. */
  readonly cache?: ArtifactCacheOptions;
  /** Measures time. */
  readonly clock: Clock;
  /** Told about leftovers and second looks. */
  readonly logger: Logger;
}

/** A signal that aborts with the first of several; `undefined` when there is none. */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((signal) => signal !== undefined);
  return given.length > 1 ? AbortSignal.any(given) : given[0];
}
