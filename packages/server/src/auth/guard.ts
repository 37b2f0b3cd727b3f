import { type Actor, covers, ForbiddenError, type Scope, UnauthenticatedError } from '@buildstate/core';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { looksLikeToken } from './access-tokens.ts';
import type { Authenticator } from './authenticator.ts';
import type { RefuseCaller } from './failed-attempts.ts';
import { presentedKey } from './presented-key.ts';
import type { Refusal } from './refusal.ts';

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
 * Puts authentication before every route, before any of its body is read.
 * @param refuse counts failures and answers them
 */
export async function guardRoutes(
  app: FastifyInstance,
  authenticator: Authenticator,
  refuse: RefuseCaller,
): Promise<void> {
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
  /** Lets somebody in, or tells why not. */
  function admit(request: FastifyRequest, key: string, scope: Scope, found: Actor | Refusal) {
    if (typeof found === 'string') {
      return refuse(request, `The ${looksLikeToken(key) ? 'access token' : 'API key'} ${found}. ${how}`);
    }
    request.actor = found;
    checkScope(found, scope, request);
    return undefined;
  }
  // Every request comes through here, so that promises are made only where there is something to wait for.
  app.addHook('onRequest', (request, _reply, done) => {
    // No server starts with a route that has no scope; should one be added later, only admins pass.
    const { scope = 'admin' } = request.is404 ? { scope: null } : request.routeOptions.config;
    if (scope === null) {
      done();
      return;
    }
    const key = presentedKey(request.headers);
    if (key === undefined) {
      refuse(request, `No API key was sent. ${how}`).catch(done);
      return;
    }
    const found = authenticator.check(key);
    if (found instanceof Promise) {
      found.then((one) => admit(request, key, scope, one)).then(() => done(), done);
      return;
    }
    const refusal = admit(request, key, scope, found);
    if (refusal === undefined) done();
    else refusal.catch(done);
  });
}
