import { ignoredWarnings } from '@buildstate/core';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the answer's fields are names of the caller's, so that none may be added. @default false */
    verbatim?: boolean;
  }
  interface FastifyRequest {
    /** Where paths of unknown fields are put, which are ignored then; `undefined`: they are refused. */
    ignoredFields: string[] | undefined;
  }
}

/** What a server does about fields of requests that it does not know. */
export const unknownFieldsChoices = ['refuse', 'warn'] as const;
/** One of these. */
export type UnknownFields = (typeof unknownFieldsChoices)[number];

/** Names the fields that were ignored, in URI encoding and with commas between. */
export const ignoredFieldsHeader = 'ignored-fields';

/** Most characters of that header: clients refuse answers whose headers take more than 8 or 16 KiB together. */
const longestHeader = 2000;

/** As many of the names as the header has room for. A name may have half of a surrogate pair, which nothing can encode. */
function headerOf(fields: readonly string[]): string {
  const names: string[] = [];
  for (const field of fields) {
    names.push(encodeURIComponent(field.toWellFormed()));
    if (names.join(', ').length > longestHeader) return names.slice(0, -1).join(', ');
  }
  return names.join(', ');
}

/**
 * Lets requests pass whose bodies or queries have unknown fields, and says in the answer which were ignored: in a
 * header, and in `warnings` where the answer is an object.
 */
export function decideOnUnknownFields(app: FastifyInstance, choice: UnknownFields): void {
  app.decorateRequest('ignoredFields', undefined);
  if (choice === 'refuse') return;
  app.addHook('onRequest', (request, _reply, done) => {
    request.ignoredFields = [];
    done();
  });
  app.addHook('preSerialization', async ({ ignoredFields = [], routeOptions }, reply, payload) => {
    if (ignoredFields.length === 0 || routeOptions.config.verbatim === true) return payload;
    if (reply.statusCode >= 300 || payload === null || typeof payload !== 'object') return payload;
    if (Array.isArray(payload)) return payload;
    const { warnings = [] } = payload as { readonly warnings?: readonly string[] };
    return { ...payload, warnings: [...warnings, ...ignoredWarnings(ignoredFields)] };
  });
  app.addHook('onSend', async ({ ignoredFields = [] }, reply) => {
    if (ignoredFields.length === 0 || reply.statusCode >= 400) return;
    reply.header(ignoredFieldsHeader, headerOf(ignoredFields));
  });
}
