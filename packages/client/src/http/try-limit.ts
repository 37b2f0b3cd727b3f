import type { Clock } from '@buildstate/core';

/** A try took longer than it may. */
export class TryTimedOut extends Error {
  /** The limit, in milliseconds. */
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`no answer within ${limitMs / 1000} s`);
    this.name = 'TryTimedOut';
    this.limitMs = limitMs;
  }
}

/**
 * Runs one try and ends it when its time is up or the caller gives up, also when the network library does not
 * listen to its signal.
 * @throws TryTimedOut; the caller's reason; whatever the work throws in time
 */
export async function withinLimit<Result>(
  clock: Clock,
  limitMs: number,
  caller: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  caller?.throwIfAborted();
  const stop = new AbortController();
  const over = new AbortController();
  const onAbort = () => stop.abort(caller?.reason);
  caller?.addEventListener('abort', onAbort, { once: true });
  clock.sleep(limitMs, over.signal).then(
    () => stop.abort(new TryTimedOut(limitMs)),
    // The try ended first, and its timer with it.
    () => undefined,
  );
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason), { once: true });
  });
  try {
    return await Promise.race([work(stop.signal), stopped]);
  } finally {
    over.abort();
    caller?.removeEventListener('abort', onAbort);
  }
}
