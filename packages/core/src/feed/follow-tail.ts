import type { Tail } from './tail.ts';

/** What a follower is given at a time. */
export interface FollowedBatch<Entry> {
  /** What is new; nothing when it is only a sign of life. */
  readonly entries: readonly Entry[];
  /** Where the follower is: going on behind it misses nothing, also where entries were not wanted. */
  readonly id: string;
}

/** How a tail is followed. */
export interface FollowOptions<Entry> {
  /** Behind which entry it begins. @default the newest */
  readonly after?: string | undefined;
  /** Which entries are wanted. @default all */
  readonly wants?: ((entry: Entry) => boolean) | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * All entries behind a place, once each and in order, and then new ones as they come, until the signal ends it. The first
 * batch is empty and says where it begins. Who is
 * at the end shares what the tail reads; who is further behind, because it begins there or takes long, reads from the
 * store until it has caught up, so that nobody needs more memory for being slow.
 */
export async function* followTail<Entry extends { readonly id: string }>(
  tail: Tail<Entry>,
  { after, wants, signal }: FollowOptions<Entry>,
): AsyncGenerator<FollowedBatch<Entry>, void> {
  const stir = () => tail.stir();
  signal.addEventListener('abort', stir);
  try {
    const recent = await tail.recent();
    let id = after ?? recent.lastId;
    let beats = tail.beats;
    yield { entries: [], id };
    while (!signal.aborted) {
      const place = recent.behind(id);
      // Who is not among the newest reads by itself; who is at their end waits for more.
      const found = place === undefined ? (await tail.source.read(id)).items : recent.from(place);
      const last = found.at(-1);
      if (last === undefined) {
        if (beats !== tail.beats) yield { entries: [], id };
        else {
          if (place === undefined) tail.wake();
          await tail.changed();
        }
        beats = tail.beats;
        continue;
      }
      id = last.id;
      const entries = wants === undefined ? found : found.filter(wants);
      if (entries.length > 0) yield { entries, id };
    }
  } finally {
    signal.removeEventListener('abort', stir);
  }
}
