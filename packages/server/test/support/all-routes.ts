import { pathsOf, type Route, routes, type Scope, transferRoutes } from '@buildstate/core';

/** One method and path of the API, with the scope that it needs. */
export interface ApiRoute {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly scope: Scope | null;
}

/** Every route that needs a key, aliases included, from the tables that the server is made from. */
export const keyedRoutes: readonly ApiRoute[] = [
  ...Object.entries<Route>({ ...routes, ...transferRoutes }).flatMap(([name, route]) =>
    pathsOf(route).map((path) => ({
      name,
      method: route.method,
      path,
      scope: route.scope,
    })),
  ),
  { name: 'getMetrics', method: 'GET', path: '/metrics', scope: 'read' },
];

/** A path with its parameters filled with ids that nothing has. */
export function filledPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === 'number' || name === 'state_code' ? '7' : '019aa000-0000-7000-8000-00000000dead',
  );
}
