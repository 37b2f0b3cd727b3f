import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ArtifactBackend } from '@buildstate/core';
import { ConfigurationError, defaultKey, serverScheme } from '@buildstate/core/light';
import type { BuildDetails } from '../api/builds.ts';
import { isAway } from '../spool/deliver.ts';
import type { ArtifactParts } from './artifact-parts.ts';
import { objectUri, placeUri } from './place.ts';
import type { ArtifactSource, UploadArtifact } from './upload-options.ts';

/** Where an upload goes. */
export interface UploadTarget {
  /** The store. */
  readonly backend: ArtifactBackend;
  /** The object's key there. */
  readonly key: string;
  /** URI to register the artifact with. */
  readonly artifactPath: string;
  /** What another process needs to send more of the same: plain data, without secrets. */
  readonly resume: TargetToResume;
}

/** What is kept in a journal about where an upload goes. */
export interface TargetToResume {
  /** URI of the place. */
  readonly place: string;
  /** The object's key. */
  readonly key: string;
  /** What a server that keeps bytes itself said when the upload began. */
  readonly begun?: unknown;
}

/** Reads what `UploadTarget.resume` was. Answers `undefined` for anything else. */
export function targetToResume(about: unknown): TargetToResume | undefined {
  if (typeof about !== 'object' || about === null) return undefined;
  const { place, key, begun } = about as Readonly<Record<string, unknown>>;
  return typeof place === 'string' && typeof key === 'string' ? { place, key, begun } : undefined;
}

/** The path of a source that is a file. */
export function sourcePath(source: ArtifactSource): string | undefined {
  if (typeof source === 'string') return source;
  return 'path' in source ? source.path : undefined;
}

/** Size of a source in bytes, where it is known. */
export async function sizeOf(source: ArtifactSource): Promise<number | undefined> {
  if (typeof source === 'object' && 'stream' in source) return source.sizeBytes;
  const path = sourcePath(source);
  // A source that is not there is the transfer's to complain about, in the words that it has for it.
  const stats = path === undefined ? undefined : await stat(path).catch(() => undefined);
  return stats?.isFile() ? stats.size : undefined;
}

/** The name of the object: never more than a name, whatever the artifact is called. */
function filenameOf({ filename, source, name }: UploadArtifact): string {
  return filename ?? basename(sourcePath(source) ?? name);
}

/** The build, or nothing when the tracker is away and the place does not depend on it. */
async function findBuild(
  parts: ArtifactParts,
  build: string,
  { to, signal }: UploadArtifact,
): Promise<BuildDetails | undefined> {
  try {
    return await parts.getBuild(build, { signal });
  } catch (error) {
    if (to === undefined || !isAway(error)) throw error;
    return undefined;
  }
}

/** A part of the key that no other attempt and no other upload has. */
function attemptPart(found: BuildDetails | undefined, state: number, unique: string): string {
  const open = found?.openAttempt;
  const attempt = open?.state === state && open.attempt !== null ? `${open.attempt}-` : '';
  return `${attempt}${unique}`;
}

async function serverTarget(
  parts: ArtifactParts,
  build: string,
  artifact: UploadArtifact,
  before: TargetToResume | undefined,
): Promise<UploadTarget> {
  if (parts.serverBytes === undefined) {
    throw new ConfigurationError(
      'server: is the own disk of a server, and this tracker is none. Store artifacts in a folder or a bucket: to: "file:///…".',
    );
  }
  const { state, contentType, source } = artifact;
  const sizeBytes = await sizeOf(source);
  const filename = filenameOf(artifact);
  const begun = before?.place === serverScheme ? before.begun : undefined;
  const upload = { build, state, filename, sizeBytes, contentType, begun };
  const target = await parts.serverBytes.upload(upload);
  const backend = await parts.places.guarded(target.backend);
  // Asked again each time: when the upload is gone, the server begins another one under another key.
  return {
    backend,
    get key() {
      return target.key;
    },
    get artifactPath() {
      return target.artifactPath;
    },
    get resume() {
      return { place: serverScheme, key: target.key, begun: target.begun };
    },
  };
}

/**
 * Finds out where an upload goes, and opens the place.
 * @param before where an earlier process sent the same, and was interrupted
 * @throws ConfigurationError when there is no place; NotFoundError for the build; StorageError
 */
export async function uploadTarget(
  parts: ArtifactParts,
  build: string,
  artifact: UploadArtifact,
  before?: TargetToResume,
): Promise<UploadTarget> {
  const found = await findBuild(parts, build, artifact);
  const named = artifact.to ?? found?.artifactBase;
  if (!named) {
    throw new ConfigurationError(
      `Nobody says where artifacts of build ${build} are stored. Name a place (--to s3://bucket/prefix), or set the project's artifact base.`,
    );
  }
  if (named.startsWith(serverScheme)) return serverTarget(parts, found?.id ?? build, artifact, before);
  const base = placeUri(named);
  const backend = await parts.places.open(base);
  const newKey = () =>
    defaultKey({
      project: found?.project ?? 'unknown-project',
      buildNumber: found?.buildNumber ?? build,
      state: artifact.state,
      attempt: attemptPart(found, artifact.state, parts.operations.ids.uuid()),
      filename: filenameOf(artifact),
    });
  const key = before?.place === base ? before.key : newKey();
  return { backend, key, artifactPath: objectUri(base, backend.uri, key), resume: { place: base, key } };
}
