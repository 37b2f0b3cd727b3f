import type { Clock } from '@buildstate/core';
import { StorageError } from '@buildstate/core/light';

/** How long a call may take. */
export interface Deadline {
  /** Milliseconds after which the call is aborted. */
  readonly limitMs: number;
  /** Milliseconds that an aborted call has to settle. @default 5000 */
  readonly graceMs?: number;
  /** Measures both. */
  readonly clock: Clock;
  /** The caller's own signal. */
  readonly signal?: AbortSignal;
  /** The call in words, for the error: `uploadPart of s3://bucket/key`. */
  readonly what: string;
}

const defaultGraceMs = 5000;

/** Waits for a call that was told to stop. Answers what it came to, or `undefined` when it does not settle. */
async function settle<Result>(
  running: Promise<Result>,
  milliseconds: number,
  clock: Clock,
): Promise<PromiseSettledResult<Result> | undefined> {
  const over = new AbortController();
  const settled = Promise.allSettled([running]).then(([result]) => result);
  const timer = clock.sleep(milliseconds, over.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([settled, timer]);
  } finally {
    over.abort();
  }
}

function expired(deadline: Deadline, letGo: boolean): StorageError {
  const seconds = deadline.limitMs / 1000;
  const ending = letGo
    ? ''
    : ' and did not stop when it was told to; its bytes must be taken as still in use';
  return new StorageError(`${deadline.what} did not end within ${seconds} s${ending}.`, {
    kind: 'timeout',
    persistence: letGo ? 'transient' : 'permanent',
    context: { limit_ms: deadline.limitMs },
  });
}

/**
 * Makes a call that may hang end in time. When the time is up the call's signal aborts; a call that then
 * settles is a transient failure, which may be repeated. One that does not settle is a permanent failure,
 * since it might still read the buffer that it was given while a repetition of it succeeds and the buffer is
 * used for other bytes.
 * @throws StorageError of kind `timeout`; the signal's reason; whatever the call throws in time
 */
export async function callWithDeadline<Result>(
  deadline: Deadline,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { clock, limitMs, signal, graceMs = defaultGraceMs } = deadline;
  signal?.throwIfAborted();
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const over = new AbortController();
  try {
    const running = call(stop.signal);
    const aborted = new Promise<'aborted'>((resolve) => {
      stop.signal.addEventListener('abort', () => resolve('aborted'), { once: true });
    });
    const timer = clock.sleep(limitMs, over.signal).then(
      () => 'late' as const,
      () => 'over' as const,
    );
    const first = await Promise.race([running.then((value) => ({ value })), aborted, timer]);
    if (typeof first === 'object') return first.value;
    stop.abort(expired(deadline, true));
    const outcome = await settle(running, graceMs, clock);
    if (outcome?.status === 'fulfilled') return outcome.value;
    signal?.throwIfAborted();
    throw expired(deadline, outcome !== undefined);
  } finally {
    over.abort();
    signal?.removeEventListener('abort', onAbort);
  }
}
