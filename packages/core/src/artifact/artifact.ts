import type { JsonObject } from '../build/build.ts';
import type { Timestamp } from '../build/timestamp.ts';

/**
 * What is known of the bytes. `unverified`: nobody looked. `stored`: the store accepted sizes and part
 * checksums. `verified`: the bytes were re-hashed.
 */
export const verificationStatuses = ['unverified', 'stored', 'verified', 'missing', 'corrupt'] as const;
/** What is known of the bytes. */
export type VerificationStatus = (typeof verificationStatuses)[number];

/** What a state produced: bytes in storage, or a cloud object known by an id. */
export interface Artifact {
  /** UUID. */
  readonly id: string;
  /** UUID of the build. */
  readonly buildId: string;
  /** The state that produced it. */
  readonly stateCode: number;
  /** The attempt that produced it. */
  readonly attempt: number | null;
  /** Unique among the build's live artifacts. */
  readonly artifactName: string;
  /** 1, 2, … of the name within the build. */
  readonly version: number;
  /** The record that took its place. */
  readonly supersededBy: string | null;
  /** Free text: `disk_image`, `ami`, `config_file`, … */
  readonly artifactType: string;
  /** URI, path or id. */
  readonly artifactPath: string;
  /** Further places of the same bytes. */
  readonly replicas: readonly string[];
  /** Where the bytes are kept, in the user's own spelling. */
  readonly storageBackend: string;
  /** Region of the store. */
  readonly storageRegion: string | null;
  /** Bucket or container. */
  readonly storageBucket: string | null;
  /** Key within it. */
  readonly storageKey: string | null;
  /** Size in bytes. */
  readonly sizeBytes: number | null;
  /** Lower-case hexadecimal digest without a prefix. */
  readonly checksum: string | null;
  /** `sha256` or `md5`. */
  readonly checksumAlgorithm: 'sha256' | 'md5' | null;
  /** Media type. */
  readonly contentType: string | null;
  /** Whether a resumed build may start from it. */
  readonly isResumable: boolean;
  /** Whether it is a deliverable. */
  readonly isFinal: boolean;
  /** When it stops being good. */
  readonly expiresAt: Timestamp | null;
  /** The user's own JSON, with what uploads add: `format`, `upload_duration_ms`, … */
  readonly metadata: JsonObject;
  /** The signed envelope as stored text, or `null`: integrity only. */
  readonly signature: string | null;
  /** Ids of the artifacts that it was made from. */
  readonly parents: readonly string[];
  /** When somebody protected it from clean-up. */
  readonly pinnedAt: Timestamp | null;
  /** When somebody made it a deliverable. */
  readonly promotedAt: Timestamp | null;
  /** Who made it one. */
  readonly promotedBy: string | null;
  /** Why. */
  readonly promotionReason: string | null;
  /** What is known of the bytes. */
  readonly verificationStatus: VerificationStatus;
  /** When somebody last looked. */
  readonly lastVerifiedAt: Timestamp | null;
  /** When it was registered. */
  readonly createdAt: Timestamp;
  /** When the record last changed. */
  readonly updatedAt: Timestamp;
  /** When it was deleted (softly). */
  readonly deletedAt: Timestamp | null;
}

/** Whether a record is the one that its name stands for now. */
export function isLiveArtifact(artifact: Artifact): boolean {
  return artifact.deletedAt === null && artifact.supersededBy === null;
}

/** Whether a resumed build may start from it at `now`, as far as its record says; nothing of its bytes. */
export function isOffered(artifact: Artifact, now: Timestamp): boolean {
  return (
    artifact.deletedAt === null &&
    artifact.isResumable &&
    (artifact.expiresAt === null || artifact.expiresAt > now)
  );
}
