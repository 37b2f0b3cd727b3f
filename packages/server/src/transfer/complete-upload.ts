import {
  type ArtifactBackend,
  type CheckedTransfer,
  type Crypto,
  IntegrityError,
  type ObjectInfo,
  ValidationError,
} from '@buildstate/core';
import { verifyObject } from '@buildstate/transfer';
import type { UploadFacts } from './upload-token.ts';

/** What an upload must amount to. */
export type Completion = CheckedTransfer<'completeUpload'>['body'];

/** What completing needs. */
export interface CompletionParts {
  /** Where the parts are. */
  readonly backend: ArtifactBackend;
  /** Hashes what was stored. */
  readonly crypto: Pick<Crypto, 'sha256'>;
}

function invalid(path: string, message: string): ValidationError {
  return new ValidationError(`"${path}" ${message}.`, { problems: [{ path, message }] });
}

/** @throws ValidationError when the parts have a gap or do not add up */
function checkParts({ parts, sizeBytes }: Completion): void {
  for (const [index, { number }] of parts.entries()) {
    if (number !== index + 1)
      throw invalid(`parts.${index}.number`, `must be ${index + 1}: parts have no gaps`);
  }
  const sum = parts.reduce((total, part) => total + part.sizeBytes, 0);
  if (sum !== sizeBytes) throw invalid('size_bytes', `is ${sizeBytes}, but the parts add up to ${sum}`);
}

async function store(
  facts: UploadFacts,
  completion: Completion,
  backend: ArtifactBackend,
): Promise<ObjectInfo> {
  const { handle } = facts;
  if (completion.parts.length > 0) {
    const parts = completion.parts.map(({ number, tag, sizeBytes }) => ({ number, tag, size: sizeBytes }));
    return await backend.completeUpload(handle, parts);
  }
  const info = await backend.put(handle.key, new Uint8Array());
  await backend.abortUpload(handle);
  return info;
}

/**
 * Makes an upload's object visible and re-hashes it. What does not hash to what its source says is removed again,
 * unless it was there before this call: an object that was proved once is not lost to a later, wrong call.
 * @throws ValidationError, IntegrityError, StorageError
 */
export async function completeUpload(
  facts: UploadFacts,
  completion: Completion,
  { backend, crypto }: CompletionParts,
): Promise<ObjectInfo> {
  checkParts(completion);
  const { key } = facts.handle;
  const before = await backend.stat(key);
  const info = await store(facts, completion, backend);
  try {
    const expected = { sha256: completion.sha256, sizeBytes: completion.sizeBytes };
    await verifyObject({ backend, key, expected, crypto });
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    if (before === undefined) await backend.delete(key);
    const fate = before === undefined ? 'It was removed; upload it again' : 'What is stored stays as it is';
    throw new IntegrityError(`The bytes that arrived are not those of the source. ${fate}.`, {
      cause: error,
      context: { ...error.context, expected_sha256: completion.sha256 },
    });
  }
  return info;
}
