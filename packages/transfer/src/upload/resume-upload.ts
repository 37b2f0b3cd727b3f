import type { ArtifactBackend, ObjectInfo, UploadHandle } from '@buildstate/core';
import { StorageError, StorageNotFoundError } from '@buildstate/core/light';
import { verifyObject } from '../download/verify-object.ts';
import type { JournalState, NotedPart, NotedWhole } from '../journal/journal-state.ts';
import type { FileIdentity } from '../source/file-identity.ts';
import type { ResolvedUploadOptions } from './upload-options.ts';

/** What an earlier process has reached, as far as the store still has it. */
export type Reached =
  /** The upload can be gone on with. */
  | {
      readonly kind: 'open';
      readonly upload: UploadHandle;
      readonly parts: ReadonlyMap<number, NotedPart>;
      /** Size of every part but the last, in bytes. */
      readonly partBytes: number;
    }
  /** The object is there; only the answer never came. */
  | { readonly kind: 'stored'; readonly info: ObjectInfo; readonly sha256: string }
  /** Nothing can be gone on with. */
  | { readonly kind: 'nothing' };

/** Whether a journal is about this very file, this very key and this very store. */
export function isAbout(
  { intent }: JournalState,
  { key, backend }: Pick<ResolvedUploadOptions, 'key' | 'backend'>,
  identity: FileIdentity,
): boolean {
  const { source } = intent;
  return (
    intent.key === key &&
    intent.backend === backend.uri &&
    source.inode === String(identity.inode) &&
    source.sizeBytes === identity.sizeBytes &&
    source.modifiedNs === String(identity.modifiedNs)
  );
}

/** Whether a failure says that there is nothing to be found, rather than that nobody could look. */
function isFinal(error: unknown): boolean {
  return error instanceof StorageError && error.persistence === 'permanent';
}

/** The object under the key, if it has the very bytes that were sent: nothing but our own SHA-256 tells. */
async function findStored(
  { backend, crypto, clock }: ResolvedUploadOptions,
  key: string,
  { sha256, sizeBytes }: NotedWhole,
  signal: AbortSignal,
): Promise<ObjectInfo | undefined> {
  try {
    const info = await backend.stat(key, { signal });
    if (info?.size !== sizeBytes) return undefined;
    await verifyObject({ backend, key, expected: { sha256, sizeBytes }, crypto, clock, signal });
    return info;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StorageError && !isFinal(error)) throw error;
    // Other bytes, or a store that shows no objects: the upload begins anew, which is right in any case.
    return undefined;
  }
}

/** An upload that the store does not know any more, although all of it was sent: it may have been completed. */
async function afterCompletion(
  options: ResolvedUploadOptions,
  upload: UploadHandle,
  { parts, whole }: JournalState,
  signal: AbortSignal,
): Promise<Reached> {
  if (whole === undefined) return { kind: 'nothing' };
  const { sha256 } = whole;
  const known = [...parts.values()].toSorted((a, b) => a.number - b.number);
  try {
    const info = await options.backend.completeUpload(upload, known, { sha256, signal });
    return { kind: 'stored', info, sha256 };
  } catch (error) {
    signal.throwIfAborted();
    if (!isFinal(error)) throw error;
    const info = await findStored(options, upload.key, whole, signal);
    return info === undefined ? { kind: 'nothing' } : { kind: 'stored', info, sha256 };
  }
}

function heldParts(
  noted: ReadonlyMap<number, NotedPart>,
  listed: Awaited<ReturnType<ArtifactBackend['listParts']>>['parts'],
): Map<number, NotedPart> {
  const held = new Map<number, NotedPart>();
  for (const { number, size, tag } of listed) {
    const part = noted.get(number);
    // Stores that list other tags than they answered cannot be gone on with; what they have is sent again.
    if (part?.size === size && part.tag === tag) held.set(number, part);
  }
  return held;
}

/**
 * Finds out what is left of an upload that an earlier process began. A part counts as sent when the journal says that
 * it was acknowledged and the store lists it with the same tag.
 * @throws StorageError when the store cannot be asked
 */
export async function whatWasReached(
  options: ResolvedUploadOptions,
  state: JournalState,
  signal: AbortSignal,
): Promise<Reached> {
  const { upload, intent } = state;
  if (upload === undefined) return { kind: 'nothing' };
  try {
    const { uploadKnown, parts } = await options.backend.listParts(upload, { signal });
    if (!uploadKnown) return await afterCompletion(options, upload, state, signal);
    return { kind: 'open', upload, parts: heldParts(state.parts, parts), partBytes: intent.partBytes };
  } catch (error) {
    if (error instanceof StorageNotFoundError) return { kind: 'nothing' };
    throw error;
  }
}
