import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '@buildstate/core/light';
import { type Environment, isErrorWithCode, userDataFolder } from '@buildstate/node-runtime';
import type { Settings } from './config-file.ts';
import { foldersUpward } from './folders-upward.ts';

/** Who named the tracker. */
export type TrackerSource = 'flag' | 'environment' | 'user' | 'project' | 'default';

/** A tracker and who named it. */
export interface FoundTracker {
  /** URL of a server or a store. */
  readonly url: string;
  /** Who named it. */
  readonly source: TrackerSource;
  /** The variable or file that names it, for people. */
  readonly where: string;
}

/** The file that describes a whole build. */
const projectFileName = 'buildstate.yaml';

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isErrorWithCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function trackerOfProject(cwd: string): Promise<FoundTracker | undefined> {
  for (const folder of foldersUpward(cwd)) {
    const where = join(folder, projectFileName);
    const text = readIfThere(where);
    if (text === undefined) continue;
    // Reading YAML costs start-up time, so only a file that seems to name a tracker is read as such.
    if (!/^["']?tracker["']?\s*:/m.test(text)) return undefined;
    const { parse } = await import('yaml');
    let url: unknown;
    try {
      url = (parse(text) as { tracker?: unknown } | null)?.tracker;
    } catch (cause) {
      throw new ConfigurationError(`${where} is not valid YAML: ${(cause as Error).message}`, { cause });
    }
    return typeof url === 'string' ? { url, source: 'project', where } : undefined;
  }
  return undefined;
}

/** The local store that is used when nothing names another tracker. */
export function defaultStore(env: Environment): string {
  const folder = env.BLDST_DATA_DIR?.trim() || userDataFolder(env);
  return pathToFileURL(join(folder, 'store')).href.replace(/^file:/, 'sqlite:');
}

/**
 * The tracker to use: the first that the flag, the environment, the user's configuration or the project's file
 * names, else the user's local store.
 * @throws ConfigurationError when the project's file cannot be understood
 */
export async function findTracker(
  flag: string | undefined,
  settings: Settings,
  { env, cwd }: { readonly env: Environment; readonly cwd: string },
): Promise<FoundTracker> {
  if (flag) return { url: flag, source: 'flag', where: '--tracker' };
  for (const name of ['BLDST_TRACKER', 'BLDST_API_URL']) {
    const url = env[name];
    if (url) return { url, source: 'environment', where: name };
  }
  if (settings.tracker) return { url: settings.tracker, source: 'user', where: 'bldst config' };
  const named = await trackerOfProject(cwd);
  return named ?? { url: defaultStore(env), source: 'default', where: 'the local store' };
}
