import type { ArtifactBackend, CallOptions, Clock, ListedObject } from '@buildstate/core';
import { StorageError } from '@buildstate/core/light';
import { systemClock } from '@buildstate/node-runtime';
import { callWithDeadline, interruptibleBody } from '@buildstate/transfer';
import { type BackendCall, decorate } from './decorate.ts';

/** How long calls may take. A call that is out of time fails as transient, so that it can be repeated. */
export interface DeadlineOptions {
  /** Milliseconds for a call that moves no bytes, and to begin with for one that does. @default 30000 */
  readonly callMs?: number;
  /** Slowest rate at which bytes that are handed over may move, in bytes per second. @default 32768 */
  readonly leastBytesPerSecond?: number;
  /** Milliseconds for completing an upload, which takes some stores minutes. @default 600000 */
  readonly completeMs?: number;
  /** Milliseconds without a byte after which a body has stalled. @default 10000 */
  readonly idleMs?: number;
  /** Measures time. @default the system's */
  readonly clock?: Clock;
}

const defaults = {
  callMs: 30_000,
  leastBytesPerSecond: 32_768,
  completeMs: 600_000,
  idleMs: 10_000,
} as const;

function stalled(idleMs: number): StorageError {
  return new StorageError(`No byte has arrived for ${idleMs / 1000} s.`, {
    kind: 'timeout',
    persistence: 'transient',
    context: { idle_ms: idleMs },
  });
}

/**
 * The same backend, but no call and no body can hang: each has a deadline that follows from what it moves.
 * @throws from calls and bodies: StorageError of kind `timeout`
 */
export function withDeadline(backend: ArtifactBackend, options: DeadlineOptions = {}): ArtifactBackend {
  const { clock = systemClock } = options;
  const limits = {
    callMs: options.callMs ?? defaults.callMs,
    leastBytesPerSecond: options.leastBytesPerSecond ?? defaults.leastBytesPerSecond,
    completeMs: options.completeMs ?? defaults.completeMs,
    idleMs: options.idleMs ?? defaults.idleMs,
  };
  const limitOf = ({ operation, bytes }: Pick<BackendCall<unknown>, 'operation' | 'bytes'>): number =>
    operation === 'completeUpload'
      ? limits.completeMs
      : limits.callMs + (bytes / limits.leastBytesPerSecond) * 1000;

  async function* list(prefix: string, { signal }: CallOptions): AsyncGenerator<ListedObject> {
    const stop = new AbortController();
    const what = `list of ${backend.uri}`;
    const objects = backend.list(prefix, {
      signal: AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]),
    });
    const iterator = objects[Symbol.asyncIterator]();
    try {
      for (;;) {
        const limit = { clock, limitMs: limits.callMs, signal, what };
        const step = await callWithDeadline(limit, async (stepSignal) => {
          stepSignal.addEventListener('abort', () => stop.abort(stepSignal.reason), { once: true });
          return await iterator.next();
        });
        if (step.done) return;
        yield step.value;
      }
    } finally {
      if (!stop.signal.aborted) await iterator.return?.();
    }
  }

  return decorate(backend, {
    call: (call) =>
      callWithDeadline({ clock, limitMs: limitOf(call), signal: call.signal, what: call.what }, call.run),
    body: ({ body, info }) => ({
      info,
      body: interruptibleBody(body, { clock, idleMs: limits.idleMs, stalled }),
    }),
    list,
  });
}
