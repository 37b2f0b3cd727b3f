import type { CallOptions } from '../api/call.ts';
import type { ArtifactRecord } from './artifact-record.ts';
import type { TransferProgress } from './progress.ts';

/**
 * Which artifact of a build: by its live name or its id, the newest resumable one at or before a state, or the
 * newest resumable of all.
 */
export type ArtifactChoice =
  | string
  | { readonly name: string }
  | { readonly state: number }
  | { readonly latest: true };

/** How an artifact is fetched. */
export interface DownloadOptions extends CallOptions {
  /** Read and check the bytes without keeping them; the target is not touched. @default false */
  readonly verifyOnly?: boolean;
  /** Replace a file at the target. @default false */
  readonly overwrite?: boolean;
  /** Told how far it is. */
  readonly onProgress?: (progress: TransferProgress) => void;
}

/** What was fetched and found right. */
export interface DownloadedArtifact {
  /** The record that the bytes were checked against. */
  readonly artifact: ArtifactRecord;
  /** The file, or `undefined` with `verifyOnly`. */
  readonly path?: string;
  /** 64 lower-case hexadecimal characters. */
  readonly sha256: string;
  /** Size in bytes. */
  readonly sizeBytes: number;
}
