import { createHash } from 'node:crypto';
import type { ObjectInfo } from '@buildstate/core';
import { IntegrityError, StorageNotFoundError } from '@buildstate/core/light';
import { startSha256 } from '@buildstate/node-runtime';
import { interruptibleBody } from '../body/interruptible-body.ts';
import { callWithDeadline } from '../deadline/call-with-deadline.ts';
import { type ActualBytes, checkBytes } from './expected.ts';
import { deadline, nameOf, type ResolvedVerifyOptions } from './read-options.ts';

/** What the store shows of the object. @throws StorageNotFoundError */
export async function statObject(options: ResolvedVerifyOptions): Promise<ObjectInfo> {
  const { backend, key } = options;
  const info = await callWithDeadline(deadline(options, 'stat'), (signal) => backend.stat(key, { signal }));
  if (info !== undefined) return info;
  throw new StorageNotFoundError(`${nameOf(options)} was not found.`, { context: { key } });
}

/** Hashes what goes by. */
function digests(options: ResolvedVerifyOptions) {
  const sha = options.crypto?.sha256() ?? startSha256();
  const md5 = options.expected.md5 === undefined ? undefined : createHash('md5');
  let sizeBytes = 0;
  return {
    size: () => sizeBytes,
    observe(slice: Uint8Array): void {
      sha.update(slice);
      md5?.update(slice);
      sizeBytes += slice.length;
    },
    result: (): ActualBytes => ({ sha256: sha.hex(), md5: md5?.digest('hex'), sizeBytes }),
  };
}

/**
 * Reads exactly the version that `info` shows, and proves at the end that length and digests are the expected ones.
 * @throws IntegrityError; TimeoutError when no byte arrives; StorageChangedError when the object was replaced; the
 *   signal's reason
 */
export async function readVerified(options: ResolvedVerifyOptions, info: ObjectInfo): Promise<ActualBytes> {
  const { backend, key, clock, signal, idleTimeoutMs: idleMs, expected, onProgress } = options;
  const startedAt = clock.monotonic();
  const digest = digests(options);
  const read = await callWithDeadline(deadline(options, 'read'), (callSignal) =>
    backend.read(key, { signal: callSignal, ifVersion: info.version, borrowed: true }),
  );
  for await (const chunk of interruptibleBody(read.body, { signal, idleMs, clock })) {
    if (digest.size() + chunk.length > info.size) throw wrongLength(options, 'more than', info.size);
    digest.observe(chunk);
    onProgress?.({
      transferredBytes: digest.size(),
      totalBytes: info.size,
      elapsedMs: clock.monotonic() - startedAt,
    });
  }
  if (digest.size() < info.size) throw wrongLength(options, `${digest.size()} of`, info.size);
  const actual = digest.result();
  checkBytes(nameOf(options), expected, actual);
  return actual;
}

function wrongLength(options: ResolvedVerifyOptions, count: string, size: number): IntegrityError {
  return new IntegrityError(
    `The integrity check failed: ${nameOf(options)} delivered ${count} ${size} bytes. Try again.`,
    { context: { key: options.key, size_bytes: size } },
  );
}
