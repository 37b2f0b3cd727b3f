import type { IncomingHttpHeaders } from 'node:http';

/** Room for an access token. */
const longest = 2000;
const bearer = /^bearer +(\S+)$/i;

/** The key that a request carries as `X-API-Key`, else as `Authorization: Bearer`, or `undefined`. */
export function presentedKey(headers: IncomingHttpHeaders): string | undefined {
  const own = headers['x-api-key'];
  const text = typeof own === 'string' ? own : bearer.exec(headers.authorization ?? '')?.[1];
  return text === undefined || text === '' ? undefined : text.slice(0, longest);
}
