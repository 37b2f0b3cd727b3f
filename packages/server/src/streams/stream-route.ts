import { Readable } from 'node:stream';
import type { FollowedOperation, Following, Tracker } from '@buildstate/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Limits } from '../app/limits.ts';
import { actorOf } from '../auth/guard.ts';
import { presentedKey } from '../auth/presented-key.ts';
import { framesOf, opening } from './frames.ts';
import type { OpenStreams } from './open-streams.ts';

/** The media type of streams of events. */
export const streamType = 'text/event-stream';

/** What streams of events are served with. */
export interface StreamParts {
  /** Follows. */
  readonly tracker: Pick<Tracker, 'follow'>;
  /** Those that are open. */
  readonly open: OpenStreams;
  /** How long a client may take to read. */
  readonly limits: Pick<Limits, 'streamStallMs'>;
}

/** Whether a request is for a stream and not for a list. */
export function asksForStream({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers.accept?.includes(streamType) === true;
}

/** The query, with what a client that connects again says of where it was. */
function queryOf({ query, headers }: FastifyRequest): unknown {
  const last = headers['last-event-id'];
  return typeof last === 'string' && last !== '' ? { ...(query as object), last_event_id: last } : query;
}

async function* frames(following: Following): AsyncGenerator<Buffer, void> {
  yield opening;
  for await (const batch of following) yield framesOf(batch);
}

/**
 * Serves a list as a stream: `id` is where to go on, `event` the type, `data` the event. It ends when the client goes,
 * takes nothing for too long, has a key that is no good any more, or when the server closes; a client that connects
 * again with `Last-Event-ID` misses nothing.
 */
export async function serveStream(
  operation: FollowedOperation,
  request: FastifyRequest,
  reply: FastifyReply,
  { tracker, open, limits }: StreamParts,
): Promise<FastifyReply> {
  const actor = actorOf(request);
  const ending = new AbortController();
  const ended = open.add(actor, presentedKey(request.headers) ?? '', ending);
  const { socket } = request.raw;
  const cut = () => socket.destroy();
  reply.raw.once('close', () => {
    ending.abort();
    socket.removeListener('timeout', cut);
    ended();
  });
  const { params, ignoredFields } = request;
  const input = { params, query: queryOf(request) };
  const following = await tracker.follow(operation, input, { actor, ignoredFields }, ending.signal);
  // Signs of life are written all the time, so that a connection on which nothing moves is one that nobody reads.
  socket.setTimeout(limits.streamStallMs, cut);
  return reply
    .type(streamType)
    .headers({
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      // The connection is of no more use afterwards, and must not keep a server from closing.
      connection: 'close',
      vary: 'accept',
    })
    .send(Readable.from(frames(following), { objectMode: false }));
}
