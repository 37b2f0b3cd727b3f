import { randomBytes } from 'node:crypto';
import type { ArtifactBackend } from '@buildstate/core';
import { ConfigurationError, IntegrityError, serverScheme } from '@buildstate/core/light';
import type { CallOptions } from '../api/call.ts';
import type { ArtifactParts } from './artifact-parts.ts';
import { placeUri } from './place.ts';

/** Which storage is tried: the place where a build's artifacts go, or a place by its URI. */
export interface StorageToTry extends CallOptions {
  /** The build. A server that keeps bytes itself takes them for a build only. */
  readonly build?: string;
  /** URI of the place. @default the build's artifact base */
  readonly base?: string;
}

/** A place in which a small object was written, read and deleted. */
export interface TriedStorage {
  /** The place's URI. */
  readonly base: string;
}

const trialBytes = 64;

/** Writes an object, reads it back and deletes it, whatever goes wrong between. */
async function tryObject(backend: ArtifactBackend, base: string, options: CallOptions): Promise<void> {
  const key = `.bldst-trial/${crypto.randomUUID()}`;
  const bytes = randomBytes(trialBytes);
  await backend.put(key, bytes, options);
  try {
    const found: Uint8Array[] = [];
    const { body } = await backend.read(key, options);
    for await (const chunk of body) found.push(chunk);
    if (!Buffer.concat(found).equals(bytes)) {
      throw new IntegrityError(`${base} gave back other bytes than those that were written to it.`);
    }
  } finally {
    await backend.delete(key, options);
  }
}

/** Sends one part of an upload to a server, asks whether it is held, and gives the upload up. */
async function tryServer(parts: ArtifactParts, build: string, options: CallOptions): Promise<void> {
  if (parts.serverBytes === undefined) {
    throw new ConfigurationError('server: is the own disk of a server, and this tracker is none.');
  }
  const upload = { build, state: 0, filename: 'trial', sizeBytes: trialBytes };
  const { backend } = await parts.serverBytes.upload(upload);
  const handle = await backend.createUpload('');
  try {
    await backend.uploadPart(handle, { number: 1, bytes: randomBytes(trialBytes) }, options);
    const { parts: held } = await backend.listParts(handle, options);
    if (held[0]?.size !== trialBytes) {
      throw new IntegrityError('The server does not hold the bytes that were sent to it.');
    }
  } finally {
    await backend.abortUpload(handle, options);
  }
}

/**
 * Tries whether artifacts can be stored: a small object is written, read back and deleted. Nothing is recorded.
 * @throws ConfigurationError when there is no place to try; NotFoundError for the build; StorageError, IntegrityError
 */
export async function tryStorage(
  parts: ArtifactParts,
  { build, base: named, signal }: StorageToTry,
): Promise<TriedStorage> {
  const found = build === undefined ? undefined : await parts.getBuild(build, { signal });
  const base = named ?? found?.artifactBase;
  if (!base) throw new ConfigurationError('Nobody says where artifacts are stored.');
  if (!base.startsWith(serverScheme)) {
    const place = placeUri(base);
    await tryObject(await parts.places.open(place), place, { signal });
  } else if (found === undefined) {
    throw new ConfigurationError('A server that keeps artifacts itself takes bytes for a build only.');
  } else {
    await tryServer(parts, found.id, { signal });
  }
  return { base };
}
