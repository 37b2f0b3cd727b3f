import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FaultyS3Server, type S3Habits, startFaultyS3 } from '@buildstate/conformance/backend';
import { createNodeCrypto, loadKeyRing } from '@buildstate/node-runtime';
import { expect, onTestFinished } from 'vitest';
import { type OpenBackendOptions, openBackend, type S3Options } from '../../src/index.ts';
import { openS3Backend } from '../../src/s3/index.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const mebibyte = 1024 * 1024;
export const crypto = createNodeCrypto(await loadKeyRing());
const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };

/** A server that fails on command, until the test ends. */
export async function faultyServer(habits?: Partial<S3Habits>): Promise<FaultyS3Server> {
  const server = await startFaultyS3(habits);
  onTestFinished(() => server.stop());
  return server;
}

/** The driver alone: no retries, no deadlines. */
export function driver(server: FaultyS3Server, options: S3Options = {}) {
  return openS3Backend('s3://bucket', { credentials, endpoint: server.endpoint, ...options });
}

/** As users get it, with short waits. */
export function complete(server: FaultyS3Server, options: OpenBackendOptions = {}) {
  return openBackend('s3://bucket', {
    s3: { credentials, endpoint: server.endpoint },
    retry: { initialDelayMs: 1, maxDelayMs: 5 },
    ...options,
  });
}

/** A file with random bytes, and what is known of it. */
export function sourceFile(sizeBytes: number) {
  const bytes = randomBytes(sizeBytes);
  const path = join(temporaryFolder(), 'image.raw');
  writeFileSync(path, bytes);
  return { bytes, path, sha256: crypto.sha256Hex(bytes) };
}

/** Whatever went wrong, no parts may be left in the store, and every planned fault must have happened. */
export function expectNoLeftovers(server: FaultyS3Server): void {
  expect(server.state.uploads.size).toBe(0);
  expect(server.pendingFaults()).toBe(0);
}
