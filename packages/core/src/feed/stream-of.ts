import { NotSupportedError } from '../errors/not-supported-error.ts';
import type { EventStream } from '../ports/event-stream.ts';
import type { StateStore } from '../ports/state-store.ts';

/** The stream over all builds. @throws NotSupportedError when the store has none */
export function streamOf(store: StateStore): EventStream {
  const { readStream, hasPosition } = store;
  if (readStream !== undefined && hasPosition !== undefined) {
    return {
      readStream: (query) => readStream.call(store, query),
      hasPosition: (position) => hasPosition.call(store, position),
    };
  }
  throw new NotSupportedError(
    `The store ${store.uri} has no order of events over all builds, because it keeps each build by itself. ` +
      'Ask for the events of a build: GET /builds/{id}/events, `bldst events list BUILD`.',
    { context: { store: store.kind } },
  );
}
