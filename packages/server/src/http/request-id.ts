import type { IncomingMessage } from 'node:http';

const sane = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;
/** A request id must not smuggle a key into logs and answers. */
const keyLike = /bldst_/;

/**
 * The id of a request: the client's own `X-Request-Id` when it is short and harmless, else a new one.
 * @param fresh makes a new id
 */
export function requestId(message: IncomingMessage, fresh: () => string): string {
  const given = message.headers['x-request-id'];
  return typeof given === 'string' && sane.test(given) && !keyLike.test(given) ? given : fresh();
}
