import { pathsOf, type Route, routes } from '@buildstate/core';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app/create-app.ts';
import { defaultLimits } from '../../src/app/limits.ts';
import { limitFailedAttempts } from '../../src/auth/failed-attempts.ts';
import { guardRoutes } from '../../src/auth/guard.ts';
import { type Composition, compose } from '../../src/composition/compose.ts';
import { resolveOptions } from '../../src/config.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Method and path of every route in Fastify's own picture of its router. */
function routesOf(picture: string): string[] {
  const parents: string[] = [];
  return picture.split('\n').flatMap((line) => {
    const [, indent, part, methods] = /^([│ ]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (indent === undefined || part === undefined) return [];
    const depth = indent.length / 4;
    const path = `${depth === 0 ? '' : (parents[depth - 1] ?? '')}${part}`;
    parents[depth] = path;
    return methods === undefined ? [] : methods.split(', ').map((method) => `${method} ${path}`);
  });
}

const plain = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1').replace(/(?<=.)\/$/, '');

describe('the routes of the app', () => {
  let app: FastifyInstance;
  let composition: Composition;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const options = { store: 'memory:', dataDir: folder.path, environment: {} };
    composition = await compose(resolveOptions(options), pino({ level: 'silent' }));
    app = await createApp(composition.parts);
  });
  afterAll(async () => {
    await app.close();
    await composition.close();
    await folder.remove();
  });

  it('equal the OpenAPI document exactly, aliases, HEAD and the documents themselves aside', () => {
    const registered = routesOf(app.printRoutes({ commonPrefix: false }))
      .map((route) => plain(route))
      .filter((route) => !route.startsWith('HEAD ') && !/^GET (\/docs(\/|\*|$)|\/openapi\.json)/.test(route));
    const aliases = Object.values<Route>(routes).flatMap((route) =>
      pathsOf(route)
        .slice(1)
        .map((path) => `${route.method} ${plain(path)}`),
    );
    const hidden = new Set([...aliases, 'POST /token', 'GET /health/liveness', 'GET /health/readiness']);
    const documented = Object.entries(app.swagger().paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods ?? {}).map((method) => `${method.toUpperCase()} ${plain(path)}`),
    );
    expect([...new Set(registered)].filter((route) => !hidden.has(route)).sort()).toEqual(documented.sort());
    for (const route of hidden) expect(registered).toContain(route);
  });

  it('refuse to be served when one of them does not say its scope', async () => {
    const bare = Fastify();
    await guardRoutes(bare, composition.parts.auth, await limitFailedAttempts(bare, defaultLimits));
    bare.get('/forgotten', () => 'secret');
    await expect(bare.ready()).rejects.toThrow(/GET \/forgotten does not say its scope/);
  });
});
