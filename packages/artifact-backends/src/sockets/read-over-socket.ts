import { BrokenSocket, type ReadingSocket, type SocketPlace } from './reading-socket.ts';
import { type PlainRequest, requestHead } from './request-head.ts';
import type { PlainHead } from './response-head.ts';
import { SocketBody } from './socket-body.ts';
import type { SocketPool } from './socket-pool.ts';

/** A plain successful answer. */
export interface SocketAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: SocketBody;
}

function placeOf({ protocol, hostname, port }: PlainRequest): SocketPlace {
  const secure = protocol === 'https:';
  return { secure, hostname: hostname.replace(/^\[|\]$/g, ''), port: port ?? (secure ? 443 : 80) };
}

interface Exchange {
  readonly pool: SocketPool;
  readonly place: SocketPlace;
  readonly signal: AbortSignal | undefined;
}

/** Asks, and gives the connection up when the signal aborts meanwhile. */
async function ask(socket: ReadingSocket, request: string, signal: AbortSignal | undefined) {
  const stop = () => socket.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    signal?.throwIfAborted();
    return await socket.ask(request);
  } catch (error) {
    socket.destroy();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function bodyOf({ pool, place }: Exchange, socket: ReadingSocket, head: PlainHead): SocketBody {
  let left = head.contentLength;
  let closed = false;
  const close = () => {
    if (closed) return;
    closed = true;
    if (left === 0 && head.keepAlive) pool.giveBack(place, socket);
    else socket.destroy();
  };
  return new SocketBody({
    close,
    async next() {
      if (left === 0 || closed) {
        close();
        return undefined;
      }
      const bytes = await socket.next();
      if (bytes.length > left) {
        socket.destroy();
        throw new BrokenSocket(new Error('The answer is longer than it said.'));
      }
      left -= bytes.length;
      return bytes;
    },
  });
}

/** One request over a connection that was used before, which may have been closed since, or else over a new one. */
async function exchange({ pool, place, signal }: Exchange, request: string) {
  const used = pool.reuse(place);
  if (used !== undefined) {
    try {
      return { socket: used, head: await ask(used, request, signal) };
    } catch (error) {
      if (!(error instanceof BrokenSocket)) throw error;
    }
  }
  const socket = pool.connect(place);
  return { socket, head: await ask(socket, request, signal) };
}

/**
 * Sends a read over a bare socket. Answers `undefined` when request or answer are anything but plain: a complete HTTP
 * client then has to make the request, which is why this is for reads only.
 * @throws BrokenSocket, with the system's code; the signal's reason
 */
export async function readOverSocket(
  pool: SocketPool,
  request: PlainRequest,
  signal: AbortSignal | undefined,
): Promise<SocketAnswer | undefined> {
  const text = requestHead(request);
  if (text === undefined) return undefined;
  const parts = { pool, place: placeOf(request), signal };
  const { socket, head } = await exchange(parts, text);
  if (head === undefined) {
    socket.destroy();
    return undefined;
  }
  return { statusCode: head.status, headers: { ...head.headers }, body: bodyOf(parts, socket, head) };
}
