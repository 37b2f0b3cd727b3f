import type { ArtifactBackend, CallOptions, ListedObject, ObjectInfo, PutOptions } from '@buildstate/core';
import { StorageExistsError } from '@buildstate/core/light';
import { byteOrder } from '../byte-order.ts';
import { decorate } from './decorate.ts';
import { resumingBody } from './resuming-body.ts';
import { isTransient, RetryLoop, type RetryOptions, type RetryPolicy, resolveRetry } from './retry-policy.ts';

async function equals(backend: ArtifactBackend, key: string, body: Uint8Array, options: CallOptions) {
  const { body: stored, info } = await backend.read(key, options);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stored) chunks.push(chunk);
  return Buffer.concat(chunks).equals(body) ? info : undefined;
}

/**
 * A conditional put whose reply was lost may have made the very object that then stands in its own way: the
 * same bytes there mean that it did.
 */
function putOnce(
  backend: ArtifactBackend,
  key: string,
  body: Uint8Array,
  options: PutOptions,
): () => Promise<ObjectInfo> {
  let uncertain = false;
  return async () => {
    try {
      return await backend.put(key, body, options);
    } catch (error) {
      uncertain ||= isTransient(error);
      if (!uncertain || !(error instanceof StorageExistsError)) throw error;
      const ours = await equals(backend, key, body, { signal: options.signal });
      if (ours === undefined) throw error;
      return ours;
    }
  };
}

async function repeat<Result>(
  policy: RetryPolicy,
  what: string,
  signal: AbortSignal | undefined,
  run: () => Promise<Result>,
): Promise<Result> {
  const loop = new RetryLoop(policy, what);
  for (;;) {
    try {
      return await run();
    } catch (error) {
      await loop.afterFailure(error, signal);
    }
  }
}

/** A listing that begins again after a failure and leaves out what was listed before. */
async function* resumingList(
  backend: ArtifactBackend,
  policy: RetryPolicy,
  prefix: string,
  options: CallOptions,
): AsyncGenerator<ListedObject> {
  const loop = new RetryLoop(policy, `list of ${backend.uri}`);
  let last: string | undefined;
  for (;;) {
    try {
      for await (const object of backend.list(prefix, options)) {
        if (last !== undefined && byteOrder(object.key, last) <= 0) continue;
        last = object.key;
        loop.progress();
        yield object;
      }
      return;
    } catch (error) {
      await loop.afterFailure(error, options.signal);
    }
  }
}

/**
 * The same backend, but calls that failed with a transient error are repeated, with growing random waits and
 * within a budget of tries and time; bodies and listings go on where they broke off. This is the one place
 * that retries: drivers only say whether a repetition can help.
 */
export function withRetry(backend: ArtifactBackend, options: RetryOptions = {}): ArtifactBackend {
  const policy = resolveRetry(options);
  const decorated = decorate(backend, {
    call: ({ what, signal, run }) => repeat(policy, what, signal, () => run()),
    body: (first, key, readOptions) => ({
      info: first.info,
      body: resumingBody({ backend, key, options: readOptions, first, policy }),
    }),
    list: (prefix, listOptions) => resumingList(backend, policy, prefix, listOptions),
  });
  return {
    ...decorated,
    async put(key, body, putOptions = {}) {
      const put = putOnce(backend, key, body, putOptions);
      return await repeat(policy, `put of ${key}`, putOptions.signal, put);
    },
  };
}
