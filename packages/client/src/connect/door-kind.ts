import { ConfigurationError, nearestNames } from '@buildstate/core/light';
import { isPath } from '../local/local-place.ts';

/** How an address is reached. */
export type DoorKind = 'http' | 'local';

const kinds: Readonly<Record<string, DoorKind>> = {
  http: 'http',
  https: 'http',
  sqlite: 'local',
  postgres: 'local',
  postgresql: 'local',
  file: 'local',
  memory: 'local',
};

const forms =
  'https://server, http://server:8080, sqlite:///folder or .db file, postgres://host/database, file:///folder, ' +
  'memory: or a path';

/**
 * How a tracker's address is reached, by its scheme.
 * @throws ConfigurationError for other schemes; it names the near ones, and never what stands behind the scheme
 */
export function doorKind(address: string): DoorKind {
  if (isPath(address)) return 'local';
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  const kind = scheme !== undefined && Object.hasOwn(kinds, scheme) ? kinds[scheme] : undefined;
  if (kind !== undefined) return kind;
  // `localhost:8080` reads as a URL with the scheme "localhost".
  if (scheme !== undefined && /^[a-z][a-z0-9.-]*:\d{1,5}(\/|$)/i.test(address)) {
    throw new ConfigurationError(
      `The tracker's address needs a scheme: http://${address.replace(/\/.*$/, '')}.`,
    );
  }
  const near = scheme === undefined ? [] : nearestNames(scheme, Object.keys(kinds));
  const hint = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  const problem =
    scheme === undefined
      ? "The tracker's address has no scheme and is no path that begins with / or ./."
      : `No tracker can be reached by "${scheme}:".`;
  throw new ConfigurationError(`${problem}${hint} Known are ${forms}.`, {
    context: { known: Object.keys(kinds), ...(scheme !== undefined && { scheme }) },
  });
}
