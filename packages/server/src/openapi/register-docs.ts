import { type Schemas, schemas } from '@buildstate/core';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';
import { documentHead } from './document-head.ts';
import { finishDocument } from './finish-document.ts';
import { overrideJsonSchema } from './json-schema.ts';

const zodToJsonConfig = { override: overrideJsonSchema };

const optionalBodies: ReadonlySet<string> = new Set(
  Object.entries<Schemas>(schemas)
    .filter(([, { body }]) => body instanceof z.ZodOptional)
    .map(([name]) => name),
);

/** Begins the collection of routes for the document; to be called before any route is registered. */
export async function collectDocument(app: FastifyInstance, version: string): Promise<void> {
  const named = createJsonSchemaTransformObject({ zodToJsonConfig });
  await app.register(swagger, {
    openapi: documentHead(version),
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: (input) => finishDocument(named(input) as Partial<OpenAPIV3_1.Document>, optionalBodies),
  });
}

/**
 * Swagger UI's own policy, without what would send a plain-HTTP page's files to HTTPS or load from elsewhere. Its script
 * writes one style into the page, so styles may be inline; scripts may not.
 */
function uiPolicy(policy: string | string[] | number): string {
  return String(policy)
    .replace(/ upgrade-insecure-requests;?/, '')
    .replaceAll(' https:', '')
    .replace(' validator.swagger.io', '')
    .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    .replace("frame-ancestors 'self'", "frame-ancestors 'none'");
}

/** Serves the document at `/openapi.json` and Swagger UI at `/docs`, both open to everybody. */
export async function serveDocs(app: FastifyInstance): Promise<void> {
  let text: string | undefined;
  const open = { config: { scope: null }, schema: { hide: true } };
  app.get('/openapi.json', open, async (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.header('cache-control', 'no-cache').type('application/json').send(text);
  });
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: null };
    });
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: true,
      transformStaticCSP: uiPolicy,
      uiConfig: {
        url: '/openapi.json',
        validatorUrl: null,
        persistAuthorization: false,
        tryItOutEnabled: true,
      },
      theme: { title: 'BuildState API' },
    });
  });
}
