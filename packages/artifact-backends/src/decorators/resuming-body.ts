import type { ArtifactBackend, ReadOptions, ReadResult } from '@buildstate/core';
import { closableBody, discardBody } from '@buildstate/transfer';
import { RetryLoop, type RetryPolicy } from './retry-policy.ts';

/** So much has to arrive before earlier failures are forgotten: one byte per connection is no progress. */
const progressBytes = 1024 * 1024;

/** A body that was begun, and how to begin it again. */
export interface BodyToResume {
  readonly backend: ArtifactBackend;
  readonly key: string;
  readonly options: ReadOptions;
  readonly first: ReadResult;
  readonly policy: RetryPolicy;
}

/**
 * A body that goes on where it broke off. Every continuation names the version that the first answer had, so
 * bytes of two versions never mix; a replaced object ends the body with `StorageChangedError`.
 */
export function resumingBody(input: BodyToResume): ReadResult['body'] {
  const { backend, key, options, first, policy } = input;
  const { signal } = options;
  const loop = new RetryLoop(policy, `read of ${key}`);
  let position = options.start ?? 0;
  let arrived = 0;
  let body = first.body[Symbol.asyncIterator]();

  const resume = async (failure: unknown): Promise<void> => {
    for (let error = failure; ; ) {
      await loop.afterFailure(error, signal);
      try {
        const range = { ...options, start: position, end: options.end ?? first.info.size };
        const result = await backend.read(key, { ...range, ifVersion: first.info.version });
        body = result.body[Symbol.asyncIterator]();
        return;
      } catch (again) {
        error = again;
      }
    }
  };

  return closableBody({
    async next() {
      for (;;) {
        try {
          const { done, value } = await body.next();
          if (done) return undefined;
          position += value.length;
          arrived += value.length;
          if (arrived >= progressBytes) {
            loop.progress();
            arrived = 0;
          }
          return value;
        } catch (error) {
          arrived = 0;
          await resume(error);
        }
      }
    },
    close: () => discardBody({ [Symbol.asyncIterator]: () => body }),
  });
}
