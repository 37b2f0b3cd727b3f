import type { S3Client } from '@aws-sdk/client-s3';
import { readOverSocket } from '../sockets/read-over-socket.ts';
import type { PlainRequest } from '../sockets/request-head.ts';
import { SocketPool } from '../sockets/socket-pool.ts';

type Handler = S3Client['config']['requestHandler'];

/** What `client.send` is told, to have the body of a read come from a bare socket. */
interface FastReadOptions {
  readonly abortSignal?: AbortSignal;
  /** The chunks of the body are only valid until the next one is asked for. */
  readonly borrowed?: boolean;
}

/** What the SDK hands through to the handler below; its types name only its own options. */
export function withBorrowed<Options extends object>(
  options: Options,
  borrowed: boolean | undefined,
): Options {
  return { ...options, borrowed };
}

/**
 * Puts a faster way for reads into a client. The SDK still makes, signs and understands the requests; only the bytes
 * travel another way. Whatever is not a plain successful answer is asked for again with the SDK's own client.
 * @returns the pool to destroy with the client
 */
export function readFast(client: S3Client, connectTimeoutMs: number): SocketPool {
  const pool = new SocketPool(connectTimeoutMs);
  const usual = client.config.requestHandler;
  const handle: Handler['handle'] = async (request, options) => {
    const { borrowed = false, abortSignal } = (options ?? {}) as FastReadOptions;
    if (borrowed && request.method === 'GET' && request.body === undefined) {
      const response = await readOverSocket(pool, request as PlainRequest, abortSignal);
      if (response !== undefined) return { response: response as never };
    }
    return await usual.handle(request, options);
  };
  // Everything else is the usual handler's.
  client.config.requestHandler = new Proxy(usual, {
    get: (target, name) => {
      if (name === 'handle') return handle;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return pool;
}
