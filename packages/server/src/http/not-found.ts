import { NotFoundError } from '@buildstate/core';
import type { FastifyInstance } from 'fastify';
import { HttpError } from '../errors/http-error.ts';
import { type KnownRoute, methodsOf, nearestPath } from './known-paths.ts';

const longestShown = 200;

/** Answers paths that do not exist with 404 and the nearest one that does, and methods that a path lacks with 405. */
export function refuseUnknownPaths(app: FastifyInstance): void {
  const known: KnownRoute[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) known.push({ method: one, url });
  });
  app.setNotFoundHandler((request) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const shown = path.slice(0, longestShown);
    const methods = methodsOf(path, known);
    if (methods.length > 0) {
      const allow = methods.join(', ');
      throw new HttpError(
        'method_not_allowed',
        `${shown} does not take ${request.method}; it takes ${allow}.`,
        {
          headers: { allow },
        },
      );
    }
    const nearest = nearestPath(path, known);
    const hint = nearest === undefined ? 'See /docs for all paths.' : `Did you mean ${nearest}?`;
    throw new NotFoundError(`There is no path ${shown}. ${hint}`);
  });
}
