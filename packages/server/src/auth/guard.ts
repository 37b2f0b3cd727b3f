import { type Actor, covers, ForbiddenError, type Scope, UnauthenticatedError } from '@buildstate/core';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Limits } from '../app/limits.ts';
import { HttpError } from '../errors/http-error.ts';
import type { Authenticator } from './authenticator.ts';
import { presentedKey } from './presented-key.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a key needs; `null`: open to everybody. A server with a route that does not say does not start. */
    scope?: Scope | null;
  }
  interface FastifyRequest {
    /** On whose behalf; `null` on open routes. */
    actor: Actor | null;
  }
}

const windowMs = 60_000;
const how = 'Send a key as "X-API-Key: <key>" or "Authorization: Bearer <key>".';

/** The caller of a route that needs a key. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null) throw new UnauthenticatedError(`This needs an API key. ${how}`);
  return request.actor;
}

function checkScope(actor: Actor, scope: Scope, request: FastifyRequest): void {
  if (covers(actor.scopes, scope)) return;
  throw new ForbiddenError(
    `${request.method} ${request.routeOptions.url ?? ''} needs a key with the scope "${scope}"; ` +
      `this one has ${actor.scopes.join(', ') || 'none'}.`,
    { context: { scope, scopes: actor.scopes } },
  );
}

/**
 * Puts authentication before every route, before any of its body is read. Failures are counted per address (per /64
 * of IPv6), and past a number per minute answered with 429; a good key always passes, so that nobody can lock out
 * others behind the same address.
 */
export async function guardRoutes(
  app: FastifyInstance,
  authenticator: Authenticator,
  limits: Limits,
): Promise<void> {
  await app.register(rateLimit, { global: false, cache: limits.rememberedAddresses });
  const countFailure = app.createRateLimit({ max: limits.failedAuthPerMinute, timeWindow: windowMs });

  async function refuse(request: FastifyRequest, sentence: string): Promise<never> {
    const count = await countFailure(request);
    if (!count.isAllowed && count.isExceeded) {
      throw new HttpError('rate_limited', 'Too many requests with bad keys came from this address. Wait.', {
        headers: { 'retry-after': String(Math.max(1, count.ttlInSeconds)) },
      });
    }
    throw new UnauthenticatedError(`${sentence} ${how}`);
  }

  app.decorateRequest('actor', null);
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  app.addHook('onReady', async () => {
    for (const { method, url, config } of routes) {
      if (config?.scope === undefined)
        throw new TypeError(`${String(method)} ${url} does not say its scope.`);
    }
  });
  app.addHook('onRequest', async (request) => {
    const scope = request.is404 ? null : request.routeOptions.config.scope;
    if (scope === null) return;
    const key = presentedKey(request.headers);
    if (key === undefined) return refuse(request, 'No API key was sent.');
    const found = await authenticator.check(key);
    if (typeof found === 'string') return refuse(request, `The API key ${found}.`);
    request.actor = found;
    // No server starts with a route that has no scope; should one be added later, only admins pass.
    checkScope(found, scope ?? 'admin', request);
  });
}
