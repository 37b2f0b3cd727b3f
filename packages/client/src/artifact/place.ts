import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isPath } from '../local/local-place.ts';

/** A place of bytes, taken apart. */
export interface ObjectPlace {
  /** URI that a backend is opened with, parameters included. */
  readonly base: string;
  /** The object's key below it. */
  readonly key: string;
  /** For `file:` URIs that name one: the host whose disk it is. */
  readonly host?: string;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // A percent sign that is just one: the name is meant as it is written.
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** A place as a URI: paths become `file:` URIs, everything else stays. */
export function placeUri(text: string): string {
  return isPath(text) ? pathToFileURL(resolve(text)).href : text;
}

function splitKey(path: string, storageKey: string | null): readonly [string, string] {
  if (storageKey && path.endsWith(`/${storageKey}`))
    return [path.slice(0, -storageKey.length - 1), storageKey];
  const slash = path.lastIndexOf('/');
  return [path.slice(0, slash), decoded(path.slice(slash + 1))];
}

/**
 * Takes an artifact's place apart into what a backend is opened with and the key below it.
 * @returns `undefined` when it is no URI or path of an object, such as the id of a cloud image
 */
export function splitPlace(artifactPath: string, storageKey: string | null): ObjectPlace | undefined {
  const uri = placeUri(artifactPath);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(uri)) return undefined;
  const [, path = uri, parameters = ''] = /^([^?#]*)(\?[^#]*)?/.exec(uri) ?? [];
  const [base, key] = splitKey(path, storageKey);
  if (key === '' || /^[a-z][a-z0-9+.-]*:\/?$/i.test(base)) return undefined;
  if (!/^file:/i.test(base)) return { base: `${base}${parameters}`, key };
  const host = /^file:\/\/([^/]*)/i.exec(base)?.[1] ?? '';
  const local = base.replace(/^file:\/\/[^/]*/i, 'file://');
  return {
    base: local === 'file://' ? 'file:///' : local,
    key,
    ...(host !== '' && host !== 'localhost' && { host }),
  };
}

/** The object's URI below a base, with the base's parameters, so that other machines find it with it alone. */
export function objectUri(base: string, root: string, key: string): string {
  const parameters = /\?[^#]*/.exec(base)?.[0] ?? '';
  return `${root.replace(/\/+$/, '')}/${key}${parameters}`;
}

/** The host whose disk an artifact lies on, when it is another than this one. */
export function otherHost(
  place: ObjectPlace,
  metadata: Readonly<Record<string, unknown>>,
  here: string = hostname(),
): string | undefined {
  if (!/^file:/i.test(place.base)) return undefined;
  const host = place.host ?? (typeof metadata.host === 'string' ? metadata.host : undefined);
  return host === undefined || host === here ? undefined : host;
}
