import type { JsonObject } from '../build/build.ts';
import type { BuildDraft } from '../build/draft.ts';
import type { Timestamp } from '../build/timestamp.ts';
import { AlreadyExistsError } from '../errors/already-exists-error.ts';
import { LimitError } from '../errors/limit-error.ts';
import { checkToken } from '../lease/lease-rules.ts';
import { type Artifact, isLiveArtifact, type VerificationStatus } from './artifact.ts';
import type { Checksum } from './checksum.ts';
import { notPromoted } from './releasable.ts';

/** Most artifact records that a build may have. */
export const maxArtifacts = 10_000;

/** What is registered, checked. */
export interface Registration {
  /** The client-made id, or a new one. */
  readonly id: string;
  /** The state that produced it. */
  readonly stateCode: number;
  /** Unique among the build's live artifacts. */
  readonly artifactName: string;
  /** Free text. */
  readonly artifactType: string;
  /** URI, path or id. */
  readonly artifactPath: string;
  /** In the user's own spelling. */
  readonly storageBackend: string;
  /** Region of the store. */
  readonly storageRegion: string | null;
  /** Bucket or container. */
  readonly storageBucket: string | null;
  /** Key within it. */
  readonly storageKey: string | null;
  /** Size in bytes. */
  readonly sizeBytes: number | null;
  /** Digest of the bytes. */
  readonly checksum: Checksum | null;
  /** Media type. */
  readonly contentType: string | null;
  /** Whether a resumed build may start from it. */
  readonly isResumable: boolean;
  /** Whether it is a deliverable. */
  readonly isFinal: boolean;
  /** When it stops being good. */
  readonly expiresAt: Timestamp | null;
  /** The user's own JSON. */
  readonly metadata: JsonObject;
  /** Ids of what it was made from. */
  readonly parents: readonly string[];
  /** What is known of the bytes. */
  readonly verificationStatus: VerificationStatus;
  /** Whether it takes the place of a live artifact of the same name. */
  readonly replace: boolean;
  /** Fencing token of the registering worker. */
  readonly leaseToken: number | null;
}

/** Signs a record; `null` when it cannot be signed. */
export type ArtifactSigner = (artifact: Artifact) => string | null;

const unsigned: ArtifactSigner = () => null;

/** The attempt that is producing artifacts of a state: the open one, else the newest. */
function producingAttempt(draft: BuildDraft, state: number): number | null {
  if (draft.open?.state === state) return draft.open.attempt;
  return draft.record(state)?.attempts ?? null;
}

function sameBytesAndPlace(known: Artifact, wanted: Registration): boolean {
  return (
    known.artifactPath === wanted.artifactPath &&
    known.checksum === (wanted.checksum?.hex ?? null) &&
    known.sizeBytes === wanted.sizeBytes
  );
}

/** Whether a registration comes from later work than a known artifact, also than one that was rolled back. */
function isLater(draft: BuildDraft, known: Artifact, state: number, attempt: number | null): boolean {
  if (known.stateCode > draft.build.currentState && !known.isResumable) return true;
  if (state !== known.stateCode) return state > known.stateCode;
  return (attempt ?? 0) > (known.attempt ?? 0);
}

function nameTaken(draft: BuildDraft, known: Artifact): AlreadyExistsError {
  return new AlreadyExistsError(
    `Build ${draft.build.project}:${draft.build.buildNumber} has an artifact "${known.artifactName}" from ` +
      `state ${known.stateCode}, with other bytes or in another place. Choose another name, or take its place ` +
      'with `replace`.',
    { context: { artifact_id: known.id, artifact_name: known.artifactName } },
  );
}

/**
 * Registers an artifact. The same bytes in the same place are the record that is there already; later work
 * makes a new version that supersedes it. The draft must have been made with all artifacts of the build.
 * @param sign makes the signed envelope that is kept with the record
 * @throws AlreadyExistsError, LeaseLostError, LimitError
 */
export function decideRegister(
  draft: BuildDraft,
  wanted: Registration,
  sign: ArtifactSigner = unsigned,
): Artifact {
  const all = draft.artifacts.over(draft.loaded.artifacts);
  const repeated = all.find(({ id }) => id === wanted.id);
  if (repeated !== undefined) return repeated;
  if (wanted.leaseToken !== null) checkToken(draft, wanted.leaseToken);
  const known = all.find((one) => one.artifactName === wanted.artifactName && isLiveArtifact(one));
  const attempt = producingAttempt(draft, wanted.stateCode);
  if (known !== undefined) {
    const later = isLater(draft, known, wanted.stateCode, attempt);
    // What a rollback took away, later work gives back.
    const revives = later && wanted.isResumable && !known.isResumable;
    if (sameBytesAndPlace(known, wanted) && !revives) return known;
    if (!wanted.replace && !later) throw nameTaken(draft, known);
  }
  const record = newRecord(draft, wanted, attempt, nextVersion(all, wanted.artifactName));
  const artifact = { ...record, signature: sign(record) };
  countArtifact(draft);
  draft.artifacts.put(artifact);
  draft.event('artifact.registered', eventFacts(artifact));
  if (known !== undefined) {
    draft.artifacts.put({ ...known, supersededBy: artifact.id, updatedAt: draft.now });
    draft.event('artifact.superseded', { ...eventFacts(known), superseded_by: artifact.id });
  }
  return artifact;
}

/** The number of the next version of a name: renames may have left gaps. */
export function nextVersion(artifacts: readonly Artifact[], name: string): number {
  const versions = artifacts
    .filter(({ artifactName }) => artifactName === name)
    .map(({ version }) => version);
  return Math.max(0, ...versions) + 1;
}

/** @throws LimitError */
function countArtifact(draft: BuildDraft): void {
  const { project, buildNumber } = draft.build;
  if (draft.counts.artifacts >= maxArtifacts) {
    throw new LimitError(
      `Build ${project}:${buildNumber} has ${maxArtifacts} artifact records, the most that a build may have. ` +
        'Pack small files into archives, or register what later builds need in a build of its own.',
      { context: { limit: maxArtifacts } },
    );
  }
  draft.count({ artifacts: draft.counts.artifacts + 1 });
}

function newRecord(
  draft: BuildDraft,
  wanted: Registration,
  attempt: number | null,
  version: number,
): Artifact {
  const { checksum, replace: _, leaseToken: __, ...fields } = wanted;
  const looked = wanted.verificationStatus !== 'unverified';
  return {
    ...fields,
    buildId: draft.build.id,
    attempt,
    version,
    supersededBy: null,
    replicas: [],
    checksum: checksum?.hex ?? null,
    checksumAlgorithm: checksum?.algorithm ?? null,
    signature: null,
    pinnedAt: null,
    ...notPromoted,
    lastVerifiedAt: looked ? draft.now : null,
    createdAt: draft.now,
    updatedAt: draft.now,
    deletedAt: null,
  };
}

/** What events say of an artifact. */
export function eventFacts(artifact: Artifact) {
  return {
    artifact_id: artifact.id,
    artifact_name: artifact.artifactName,
    state: artifact.stateCode,
    version: artifact.version,
    checksum: artifact.checksum,
    size_bytes: artifact.sizeBytes,
  };
}
