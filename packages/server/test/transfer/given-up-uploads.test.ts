import { StorageError, StorageNotFoundError, type UploadHandle } from '@buildstate/core';
import { describe, expect, it } from 'vitest';
import { GivenUpUploads } from '../../src/transfer/given-up-uploads.ts';

const upload = { key: 'key', uploadId: 'upload' };
const full = new StorageError('The disk is full.', { kind: 'no_space' });
const unknown = new StorageNotFoundError('There is no such upload.');

function setUp(failure?: Error) {
  const aborted: UploadHandle[] = [];
  const warnings: unknown[] = [];
  const abortUpload = async (handle: UploadHandle) => {
    aborted.push(handle);
    if (failure !== undefined) throw failure;
  };
  const logger = { warn: (...words: unknown[]) => void warnings.push(words) };
  return { givenUp: new GivenUpUploads({ abortUpload }, logger), aborted, warnings };
}

describe('uploads that a full disk ended', () => {
  it('are aborted, and their other parts name the full disk', async () => {
    const { givenUp, aborted } = setUp();
    await expect(givenUp.during(upload, () => Promise.reject(full))).rejects.toBe(full);
    expect(aborted).toEqual([upload]);
    await expect(givenUp.during(upload, () => Promise.reject(unknown))).rejects.toBe(full);
  });

  it('are the only ones: other failures stay as they are and abort nothing', async () => {
    const { givenUp, aborted } = setUp();
    await expect(givenUp.during(upload, () => Promise.reject(unknown))).rejects.toBe(unknown);
    expect(aborted).toEqual([]);
  });

  it('still say so when they cannot be aborted', async () => {
    const { givenUp, warnings } = setUp(new Error('no answer'));
    await expect(givenUp.during(upload, () => Promise.reject(full))).rejects.toBe(full);
    expect(warnings).toHaveLength(1);
  });
});
