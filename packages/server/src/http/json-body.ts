import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { type Clock, MalformedError } from '@buildstate/core';
import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify';
import type { Limits } from '../app/limits.ts';
import { HttpError } from '../errors/http-error.ts';
import { ByteBudget } from '../transfer/byte-budget.ts';
import type { BodyWatch } from './body-watch.ts';
import { onBody } from './collect-body.ts';
import { parseForm } from './form-body.ts';
import { parseJsonLines } from './json-lines.ts';
import { parseStrictJson } from './strict-json.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Largest JSON body of this route, in bytes. @default the server's limit */
    bodyBytes?: number;
    /** Whether the body may be one JSON text a line, which is read as an array. @default false */
    lines?: boolean;
    /** Whether the body may be a form (`application/x-www-form-urlencoded`). @default false */
    form?: boolean;
  }
  interface FastifyRequest {
    /** Gives back the memory that a large body took. */
    giveBack: (() => void) | null;
  }
}

/** What bodies are read with. */
export interface BodyParts {
  /** Sizes and times. */
  readonly limits: Limits;
  /** Deadlines of bodies. */
  readonly watch: BodyWatch;
  /** For waits. */
  readonly clock: Clock;
}

type Parse = (text: string, maxDepth: number) => unknown;

type Done = (error: Error | null, body?: unknown) => void;

const byteOrderMark = '\u{feff}';

function decoded(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new MalformedError('The body is not UTF-8, as JSON must be.');
  const text = bytes.toString('utf8');
  return text.startsWith(byteOrderMark) ? text.slice(1) : text;
}

function parseInto(done: Done, bytes: Buffer, parse: Parse, maxDepth: number): void {
  let body: unknown;
  try {
    body = bytes.length === 0 ? undefined : parse(decoded(bytes), maxDepth);
  } catch (error) {
    done(error as Error);
    return;
  }
  done(null, body);
}

/**
 * Makes strict JSON the one kind of body that operations take, and where a route says so also JSON lines or a form. An empty body
 * is none, so that `curl -X POST -H 'Content-Type: application/json'` works where a body is optional. Bodies larger than
 * usual ones are held in memory only within a budget, until they have been answered.
 */
export function acceptJson(app: FastifyInstance, { limits, watch, clock }: BodyParts): void {
  const budget = new ByteBudget(limits.batchMemoryBytes, clock);
  app.decorateRequest('giveBack', null);
  app.addHook('onResponse', (request, _reply, done) => {
    request.giveBack?.();
    done();
  });

  function read(request: FastifyRequest, message: IncomingMessage, parse: Parse, done: Done): void {
    const bytes = request.routeOptions.config.bodyBytes ?? limits.bodyBytes;
    const collect = () =>
      onBody(message, { bytes, totalMs: limits.bodyMs }, watch, (error, body) => {
        if (error !== null || body === undefined) done(error);
        else parseInto(done, body, parse, limits.jsonDepth);
      });
    const announced = Math.min(bytes, Number(message.headers['content-length'] ?? bytes));
    if (announced <= limits.bodyBytes) {
      collect();
      return;
    }
    budget.take(announced, limits.bodyMs).then((giveBack) => {
      request.giveBack = giveBack;
      collect();
    }, done);
  }

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    (request: FastifyRequest, message: IncomingMessage, done: Done) => {
      // An unknown path is refused whatever is sent to it.
      if (request.is404) done(null);
      else read(request, message, parseStrictJson, done);
    },
  );
  /** Another form of body, for the routes that say so. */
  function accept(type: string, parse: Parse, isTaken: (config: FastifyContextConfig) => boolean): void {
    app.addContentTypeParser(type, (request: FastifyRequest, message: IncomingMessage, done: Done) => {
      if (request.is404) done(null);
      else if (isTaken(request.routeOptions.config)) read(request, message, parse, done);
      else {
        done(
          new HttpError(
            'unsupported_media_type',
            'The body must be JSON: send it with Content-Type: application/json.',
          ),
        );
      }
    });
  }
  accept('application/x-ndjson', parseJsonLines, ({ lines }) => lines === true);
  accept('application/x-www-form-urlencoded', parseForm, ({ form }) => form === true);
}
