import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigurationError } from '@buildstate/core/light';
import { type Environment, userDataFolder } from '@buildstate/node-runtime';
import type { ClientConfig } from '../config.ts';

/** Where a local store is. */
export interface LocalPlace {
  /** URI that the store is opened with. */
  readonly uri: string;
  /**
   * Folder for its key ring and its artifacts: that of the store, or of this user's data for a database elsewhere;
   * `undefined` for one in memory.
   */
  readonly folder?: string;
}

const databaseFile = new Set(['.db', '.sqlite', '.sqlite3']);

function uriOf(scheme: string, path: string): string {
  return pathToFileURL(path).href.replace(/^file:/, scheme);
}

function pathOf(uri: string): string {
  try {
    return resolve(fileURLToPath(uri.replace(/^[a-z]+:/i, 'file:')));
  } catch (cause) {
    throw new ConfigurationError(
      `${uri} does not name a folder on this machine. Write it with three slashes: sqlite:///var/lib/builds.`,
      { cause },
    );
  }
}

/** Whether a text is a path rather than a URL: absolute, relative with a dot, from home, or a Windows drive. */
export function isPath(text: string): boolean {
  return isAbsolute(text) || /^\.{1,2}([/\\]|$)|^~[/\\]|^[a-z]:[\\/]/i.test(text);
}

function expand(path: string, env: Environment): string {
  return /^~[/\\]/.test(path) && env.HOME ? join(env.HOME, path.slice(2)) : resolve(path);
}

/**
 * Where a local store's URL or path leads. A path to a folder or a `.db` file means SQLite; `sqlite:` may be
 * followed by a relative path.
 * @throws ConfigurationError for a URL that names no path
 */
export function localPlace(text: string, env: Environment): LocalPlace {
  const scheme = isPath(text) ? 'path' : (/^[a-z]+(?=:)/i.exec(text)?.[0].toLowerCase() ?? 'path');
  const rest = text.slice(text.indexOf(':') + 1);
  if (scheme === 'memory') return { uri: 'memory:' };
  if (scheme === 'postgres' || scheme === 'postgresql') return { uri: text, folder: userDataFolder(env) };
  if (scheme === 'sqlite' && rest === ':memory:') return { uri: 'sqlite::memory:' };
  const isUri = scheme !== 'path' && rest.startsWith('//');
  const path = isUri ? pathOf(text) : expand(scheme === 'path' ? text : rest, env);
  const kind = scheme === 'file' ? 'file' : 'sqlite';
  const isFile = kind === 'sqlite' && databaseFile.has(extname(path).toLowerCase());
  return { uri: uriOf(`${kind}:`, path), folder: isFile ? dirname(path) : path };
}

/** The store that is used when nothing names a tracker: a folder of this user's data. */
export function defaultStore({ dataFolder, env }: Pick<ClientConfig, 'dataFolder' | 'env'>): string {
  return uriOf('sqlite:', join(dataFolder ?? userDataFolder(env), 'store'));
}
