import type { ActorNames } from '../actor/actor-names.ts';
import type { BuildEvent } from '../event/event.ts';
import type { EventStream, StreamedEvent } from '../ports/event-stream.ts';
import type { StateStore } from '../ports/state-store.ts';
import { streamOf } from './stream-of.ts';
import type { TailSource } from './tail.ts';

/** An event among those of all builds, as it is answered. */
export type StreamedBody = BuildEvent & Pick<StreamedEvent, 'position'> & StreamedEvent['build'];

/** An event as its followers get it. */
export interface FollowedEvent {
  /** What names its place in what is followed: `seq` in a build, the position over all builds. */
  readonly id: string;
  /** The event, and over all builds, its build. */
  readonly found: Pick<StreamedEvent, 'event'> & Partial<StreamedEvent>;
}

/** An event among those of all builds as it is answered. */
export function streamedBody({ event, build, position }: StreamedEvent): StreamedBody {
  return { ...event, position, ...build };
}

/** An event that is followed as it is answered, alone or among those of all builds. */
export function eventBody({ event, build, position }: FollowedEvent['found']): BuildEvent | StreamedBody {
  return build === undefined || position === undefined ? event : streamedBody({ event, build, position });
}

/** Events read at a time. */
const limit = 500;

/** The events of one build; their ids are their `seq`. */
export function buildSource(
  store: Pick<StateStore, 'listEvents' | 'loadBuild'>,
  buildId: string,
): TailSource<FollowedEvent> {
  return {
    async end() {
      const loaded = await store.loadBuild(buildId);
      return String(loaded?.snapshot.chain.seq ?? 0);
    },
    async read(after) {
      const { items, next } = await store.listEvents(buildId, { limit, afterSeq: Number(after) });
      const found = items.map((event) => ({ id: String(event.seq), found: { event } }));
      return { items: found, more: next !== undefined, held: false };
    },
  };
}

/** The position of the newest event that has one. */
export async function streamEnd(stream: EventStream, start: string): Promise<string> {
  const { items } = await stream.readStream({ order: 'newest', limit: 1 });
  return items[0]?.position ?? start;
}

/** The events of all builds; their ids are their positions. */
export function streamSource(store: StateStore): TailSource<FollowedEvent> {
  const stream = streamOf(store);
  return {
    end: () => streamEnd(stream, '0'),
    async read(after) {
      const { items, next, held } = await stream.readStream({ order: 'oldest', after, limit });
      const found = items.map((streamed) => ({ id: streamed.position, found: streamed }));
      return { items: found, more: next !== undefined, held };
    },
  };
}

/** A source whose events name actors as they are shown: done once for all who follow. */
export function withNames(
  source: TailSource<FollowedEvent>,
  actors: Pick<ActorNames, 'shown'>,
): TailSource<FollowedEvent> {
  return {
    end: () => source.end(),
    async read(after) {
      const part = await source.read(after);
      return { ...part, items: await actors.shown(part.items) };
    },
  };
}
