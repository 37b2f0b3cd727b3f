import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { checkArtifactSignature } from '@buildstate/transfer';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { limitFailedAttempts } from '../auth/failed-attempts.ts';
import { guardRoutes } from '../auth/guard.ts';
import { BodyWatch } from '../http/body-watch.ts';
import { refuseConnection } from '../http/client-error.ts';
import { decideOnUnknownFields } from '../http/ignored-fields.ts';
import { acceptJson } from '../http/json-body.ts';
import { limitLingering } from '../http/lingering.ts';
import { refuseUnknownPaths } from '../http/not-found.ts';
import { answerProblems } from '../http/problem-reply.ts';
import { refuseUrl } from '../http/refuse-url.ts';
import { requestId } from '../http/request-id.ts';
import { setSecurityHeaders } from '../http/security-headers.ts';
import { logRequests, QuietLog } from '../log/request-log.ts';
import { measureRequests } from '../metrics/measure-requests.ts';
import { collectDocument, serveDocs } from '../openapi/register-docs.ts';
import { registerHealth } from '../routes/health.ts';
import { registerOperations } from '../routes/operations.ts';
import { registerToken } from '../routes/token.ts';
import { OpenStreams } from '../streams/open-streams.ts';
import { registerContent } from '../transfer/content-route.ts';
import { registerUploads } from '../transfer/upload-routes.ts';
import type { AppParts } from './app-parts.ts';
import { closeWhileDraining } from './close-while-draining.ts';
import { defaultLimits, type Limits } from './limits.ts';

/** Longest path parameter: ids of uploads are the longest. */
const maxParamLength = 4096;
/** Hard end of any request's arrival. Bodies have nearer deadlines of their own; the largest parts may take this. */
const requestMs = 3_600_000;

function bareApp(parts: AppParts, limits: Limits): FastifyInstance {
  const { logger } = parts;
  const proxies = [parts.trustProxy ?? []].flat();
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new QuietLog(),
    // Every line names the request itself; a logger per request would cost more than the line.
    childLoggerFactory: (parent) => parent,
    trustProxy: proxies.length > 0 && proxies,
    genReqId: (message) => requestId(message as Parameters<typeof requestId>[0], randomUUID),
    requestIdHeader: false,
    return503OnClosing: false,
    keepAliveTimeout: limits.keepAliveMs,
    requestTimeout: requestMs,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength },
    http: {
      headersTimeout: limits.headerMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.max(100, Math.min(1000, limits.headerMs / 4)),
    },
    clientErrorHandler: (error, socket) => refuseConnection(error, socket as Socket, randomUUID()),
    frameworkErrors: (error, request, reply) => {
      refuseUrl(error, request as FastifyRequest, reply as FastifyReply, logger);
    },
  });
  app.server.maxConnections = limits.connections;
  // Schemas document. Input is checked by the tracker, so that every door gives the same errors.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  return app;
}

/**
 * Puts the server's app together without listening: `app.inject` and `app.listen` both work on it. The caller opens
 * the store before and closes it after.
 * @throws TypeError when a route does not say which scope it needs
 */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const limits = { ...defaultLimits, ...parts.limits };
  const watch = new BodyWatch();
  const app = bareApp(parts, limits);
  app.addHook('onClose', async () => watch.close());

  answerProblems(app);
  setSecurityHeaders(app);
  closeWhileDraining(app, parts.lifecycle);
  refuseUnknownPaths(app);
  limitLingering(app, watch, limits.lingerMs);
  logRequests(app);
  measureRequests(app, parts.metrics);
  decideOnUnknownFields(app, parts.unknownFields ?? 'refuse');
  acceptJson(app, { limits, watch, clock: parts.clock });
  const refuse = await limitFailedAttempts(app, limits);
  await guardRoutes(app, parts.auth, refuse);

  const open = new OpenStreams({ authenticator: parts.auth, limits });
  app.addHook('preClose', async () => open.close());

  await collectDocument(app, parts.version);
  registerHealth(app, { ...parts, openMetrics: parts.openMetrics ?? false });
  registerToken(app, { users: parts.users, accessTokens: parts.accessTokens, refuse });
  registerOperations(app, {
    tracker: parts.tracker,
    authenticator: parts.auth,
    metrics: parts.metrics,
    streams: { tracker: parts.tracker, open, limits },
    lifecycle: parts.lifecycle,
    largeBodies: { bodyBytes: limits.batchBytes, lines: true },
  });
  await registerUploads(app, { ...parts, backend: parts.artifacts, limits, watch });
  registerContent(app, {
    tracker: parts.tracker,
    store: parts.store,
    backend: parts.artifacts,
    checkSignature: (artifact) => checkArtifactSignature(artifact, parts.crypto.keys, parts.clock.now()),
  });
  await serveDocs(app);
  await app.ready();
  return app;
}
