import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '@buildstate/core/light';
import {
  type Environment,
  isErrorWithCode,
  makePrivateFolder,
  userConfigFolder,
  writeFileAtomic,
} from '@buildstate/node-runtime';

/** What `bldst config` sets. */
export interface Settings {
  /** URL of the server or store to use. */
  readonly tracker?: string;
  /** The output format to use when none is asked for. */
  readonly output?: string;
  /** The project of commands that are about one and do not say which. */
  readonly project?: string;
  /** Origins named by project files that may be sent `BLDST_API_KEY`. */
  readonly trusted?: readonly string[];
}

/** Where the user's settings are kept. */
export function settingsPath(env: Environment): string {
  return join(userConfigFolder(env), 'config.json');
}

/**
 * Reads a JSON object from a file; a file that is not there is an empty object.
 * @throws ConfigurationError when it is something else
 */
export function readJsonObject(path: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (isErrorWithCode(cause, 'ENOENT', 'ENOTDIR')) return {};
    throw new ConfigurationError(`Cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
  } catch (cause) {
    throw new ConfigurationError(`${path} is not valid JSON. Correct it or remove it.`, { cause });
  }
  throw new ConfigurationError(`${path} must hold a JSON object. Correct it or remove it.`);
}

/** Writes a JSON object to a file that only its owner may read, whole or not at all. */
export async function writeJsonObject(path: string, value: object): Promise<void> {
  await makePrivateFolder(join(path, '..'));
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}

/** The user's settings. Those with a wrong type are as if they were not there. */
export function loadSettings(env: Environment): Settings {
  const { tracker, output, project, trusted } = readJsonObject(settingsPath(env));
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return {
    tracker: text(tracker),
    output: text(output),
    project: text(project),
    trusted: Array.isArray(trusted) ? trusted.filter((origin) => typeof origin === 'string') : [],
  };
}

/** Changes some of the user's settings; `undefined` removes one. Unknown ones in the file stay. */
export async function saveSettings(env: Environment, changes: Settings): Promise<void> {
  const path = settingsPath(env);
  await writeJsonObject(path, { ...readJsonObject(path), ...changes });
}
