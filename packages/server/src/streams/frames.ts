import { eventBody, type FollowedBatch, type FollowedEvent, toWireJson } from '@buildstate/core';

/** Milliseconds after which a browser connects again. */
const retryMs = 1000;

/** What a stream begins with, so that its headers arrive at once. */
export const opening = Buffer.from(`retry: ${retryMs}\n\n`);

/** Events of all who follow the same are the same objects: each is written out once, for as long as somebody has it. */
const written = new WeakMap<FollowedEvent, string>();
const joined = new WeakMap<readonly FollowedEvent[], Buffer>();

/** An event of `text/event-stream`. JSON has no line breaks, so that its data is one line. */
function frameOf(followed: FollowedEvent): string {
  const { id, found } = followed;
  const known = written.get(followed);
  if (known !== undefined) return known;
  const frame = `id: ${id}\nevent: ${found.event.type}\ndata: ${toWireJson(eventBody(found))}\n\n`;
  written.set(followed, frame);
  return frame;
}

/**
 * A batch as it is sent. Without events it is a comment, so that proxies and clients see that the connection lives, and
 * the place to go on from, which has moved on over events that were not wanted.
 */
export function framesOf({ entries, id }: FollowedBatch<FollowedEvent>): Buffer {
  if (entries.length === 0) return Buffer.from(`: \nid: ${id}\n\n`);
  const known = joined.get(entries) ?? Buffer.from(entries.map(frameOf).join(''));
  joined.set(entries, known);
  return known;
}
