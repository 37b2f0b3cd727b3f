import type { BuildDetails, BuildStateClient, EventRecord } from '@buildstate/client';
import { isOfKind } from '../errors/known-error.ts';

/** How a build is followed. */
export interface ChangesOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Is given every event, the history included. */
  readonly onEvent?: (event: EventRecord) => void;
}

/** Milliseconds between two tries to read a build whose tracker is away. */
const tryEvery = 1000;

/** Resolves at the next ring, or at once when it has rung since. */
class Bell {
  #rung = false;
  #wake = () => {};

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  async heard(): Promise<void> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#rung = false;
  }
}

/**
 * A build as it is now, and then each time that it has changed: many changes at once may be one. A tracker that goes
 * away is waited for.
 * @param build its full id
 * @throws NotFoundError when it is deleted meanwhile, UnauthenticatedError when the key is revoked
 */
export async function* buildChanges(
  client: BuildStateClient,
  build: string,
  { signal, onEvent }: ChangesOptions,
): AsyncGenerator<BuildDetails, void> {
  const bell = new Bell();
  const stopped = new AbortController();
  const ending = AbortSignal.any([signal, stopped.signal]);
  let failure: { readonly error: unknown } | undefined;
  const listen = async () => {
    for await (const event of client.events.followBuild(build, {}, { signal: ending })) {
      onEvent?.(event);
      bell.ring();
    }
  };
  const listening = listen()
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => bell.ring());
  try {
    for (;;) {
      await bell.heard();
      if (signal.aborted) return;
      if (failure !== undefined) throw failure.error;
      try {
        yield await client.builds.get(build, { signal: ending });
      } catch (error) {
        if (signal.aborted) return;
        if (!isOfKind(error, 'unavailable')) throw error;
        setTimeout(() => bell.ring(), tryEvery);
      }
    }
  } finally {
    stopped.abort();
    await listening;
  }
}
