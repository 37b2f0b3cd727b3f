import type { ReportAnswer } from '../api/builds.ts';
import type { BodyOf, CallOptions } from '../api/call.ts';
import type { HeldLease } from '../lease/held-lease.ts';
import type { ReportOutcome } from '../spool/report.ts';
import type { ArtifactRecord } from './artifact-record.ts';
import type { TransferProgress } from './progress.ts';

/** Where the bytes come from: a file's path, or a stream with its size if known. */
export type ArtifactSource =
  | string
  | { readonly path: string }
  | { readonly stream: AsyncIterable<Uint8Array>; readonly sizeBytes?: number };

type Registration = BodyOf<'registerArtifact'>;

/** An artifact to be stored and registered. */
export interface UploadArtifact extends CallOptions {
  /** Where the bytes come from. */
  readonly source: ArtifactSource;
  /** The state that produced it. */
  readonly state: number;
  /** Its name, unique among the build's live artifacts. */
  readonly name: string;
  /** `disk_image`, `archive`, `config_file`, …; free text. @default told from the bytes, else `file` */
  readonly type?: string;
  /** URI of the place under which it is stored. @default the build's artifact base */
  readonly to?: string;
  /** Name of the object. @default the source file's name, else the artifact's name */
  readonly filename?: string;
  /** Media type. */
  readonly contentType?: string;
  /** Whether a resumed build may start from it. @default true */
  readonly resumable?: boolean;
  /** Whether it is a deliverable. @default false */
  readonly final?: boolean;
  /** When it stops being good: ISO 8601 with a zone. */
  readonly expiresAt?: string;
  /** The user's own JSON; what the upload learns (`format`, `upload_duration_ms`, …) is added. */
  readonly metadata?: Registration['metadata'];
  /** Ids of the artifacts that it was made from. */
  readonly parents?: readonly string[];
  /** Take the place of a live artifact of the same name. @default false */
  readonly replace?: boolean;
  /** The lease under which the build is advanced: its token is sent, and losing it ends the upload. */
  readonly lease?: Pick<HeldLease, 'token' | 'signal'>;
  /**
   * Completes the state with this artifact in the same change as its registration, instead of registering it
   * alone. `true`, or what the report says besides.
   */
  readonly complete?: boolean | Omit<BodyOf<'recordState'>, 'state' | 'status'>;
  /** With `complete`: write the report to disk when the server is away; see `client.report`. @default false */
  readonly spool?: boolean;
  /** Told how far it is, at most once per part. */
  readonly onProgress?: (progress: TransferProgress) => void;
}

/** What was stored. */
export interface UploadedArtifact {
  /** URI of the object, as recorded. */
  readonly path: string;
  /** 64 lower-case hexadecimal characters. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly sizeBytes: number;
  /** The record; `undefined` after a report that completed the state (it has `artifactId`) or was spooled. */
  readonly artifact?: ArtifactRecord;
  /** With `complete`: what became of the report. */
  readonly report?: ReportOutcome<ReportAnswer>;
  /** Notes worth showing. */
  readonly warnings: readonly string[];
}
