import type { ArtifactBackend, ObjectInfo, UploadedPart, UploadHandle } from '@buildstate/core';
import { IntegrityError } from '@buildstate/core/light';
import { callWithDeadline } from '../deadline/call-with-deadline.ts';
import type { ResolvedUploadOptions } from './upload-options.ts';

/** Freeing parts must not keep a failed upload from saying so. */
const abortLimitMs = 30_000;

/** @throws IntegrityError unless the parts are 1, 2, 3, … and their sizes add up */
export function checkParts(parts: readonly UploadedPart[], sizeBytes: number): void {
  const gap = parts.findIndex((part, index) => part.number !== index + 1);
  if (gap !== -1) throw new IntegrityError(`Part ${gap + 1} was not stored; the upload is not completed.`);
  const sum = parts.reduce((bytes, part) => bytes + part.size, 0);
  if (sum === sizeBytes) return;
  throw new IntegrityError(
    `The stored parts have ${sum} bytes instead of ${sizeBytes}; the upload is not completed.`,
  );
}

/** @throws IntegrityError unless the store shows the size that was sent */
export function checkStored(backend: ArtifactBackend, info: ObjectInfo, sizeBytes: number): ObjectInfo {
  if (info.size === sizeBytes) return info;
  throw new IntegrityError(
    `${backend.uri} shows ${info.key} with ${info.size} bytes; ${sizeBytes} were sent. Delete it and upload again.`,
  );
}

async function giveUp(options: ResolvedUploadOptions, upload: UploadHandle): Promise<void> {
  const { backend, clock, logger } = options;
  const what = `Removing the parts of ${upload.key}`;
  try {
    await callWithDeadline({ limitMs: abortLimitMs, clock, what }, (signal) =>
      backend.abortUpload(upload, { signal }),
    );
  } catch (error) {
    // The failure that led here is the one to report; a sweeper removes what is left.
    logger.warn(
      { err: error, key: upload.key, upload_id: upload.uploadId },
      'Parts of a failed upload remain.',
    );
  }
}

/**
 * Opens an upload for `work`, which must complete it. When `work` fails, for whatever reason, the upload is
 * given up, so that no parts are left in the store.
 */
export async function withUpload(
  options: ResolvedUploadOptions,
  signal: AbortSignal,
  work: (upload: UploadHandle) => Promise<ObjectInfo>,
): Promise<ObjectInfo> {
  const { backend, key, contentType } = options;
  const upload = await backend.createUpload(key, { contentType, signal });
  let completed = false;
  try {
    const info = await work(upload);
    completed = true;
    return info;
  } finally {
    if (!completed) await giveUp(options, upload);
  }
}
