import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { MalformedError } from '@buildstate/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Limits } from '../app/limits.ts';
import type { BodyWatch } from './body-watch.ts';
import { collectBody } from './collect-body.ts';
import { parseStrictJson } from './strict-json.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Largest JSON body of this route, in bytes. @default the server's limit */
    bodyBytes?: number;
  }
}

const byteOrderMark = '\u{feff}';

function parse(bytes: Buffer, maxDepth: number): unknown {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new MalformedError('The body is not UTF-8, as JSON must be.');
  const text = bytes.toString('utf8');
  return parseStrictJson(text.startsWith(byteOrderMark) ? text.slice(1) : text, maxDepth);
}

/**
 * Makes strict JSON the one kind of body that operations take. An empty body is none, so that
 * `curl -X POST -H 'Content-Type: application/json'` works where a body is optional.
 */
export function acceptJson(app: FastifyInstance, limits: Limits, watch: BodyWatch): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest, message: IncomingMessage) => {
    // An unknown path is refused whatever is sent to it.
    if (request.is404) return undefined;
    const bytes = request.routeOptions.config.bodyBytes ?? limits.bodyBytes;
    const body = await collectBody(message, { bytes, totalMs: limits.bodyMs }, watch);
    return parse(body, limits.jsonDepth);
  });
}
