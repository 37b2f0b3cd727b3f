import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Environment variables, handed in by whoever may read them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Which system's habits to follow, for tests. */
export interface FolderOptions {
  /** @default the running one */
  readonly platform?: NodeJS.Platform;
  /** The user's home folder. @default the system's answer */
  readonly home?: string;
}

interface Place {
  readonly xdg: string;
  readonly unix: readonly string[];
  readonly mac: readonly string[];
  readonly windows: string;
}

const name = 'buildstate';

function folder(place: Place, env: Environment, options: FolderOptions): string {
  const { platform = process.platform, home = env.HOME || homedir() } = options;
  const named = env[place.xdg];
  // The XDG base directory specification: relative values are to be ignored.
  if (named !== undefined && isAbsolute(named)) return join(named, name);
  if (platform === 'win32') return join(env[place.windows] || join(home, 'AppData', 'Local'), name);
  if (platform === 'darwin') return join(home, ...place.mac, name);
  return join(home, ...place.unix, name);
}

/** Where what this user made is kept: databases, keys. `$XDG_DATA_HOME/buildstate` and its likes. */
export function userDataFolder(env: Environment, options: FolderOptions = {}): string {
  const mac = ['Library', 'Application Support'];
  return folder(
    { xdg: 'XDG_DATA_HOME', unix: ['.local', 'share'], mac, windows: 'LOCALAPPDATA' },
    env,
    options,
  );
}

/** Where this user's settings and credentials are kept. `$XDG_CONFIG_HOME/buildstate` and its likes. */
export function userConfigFolder(env: Environment, options: FolderOptions = {}): string {
  const mac = ['Library', 'Preferences'];
  return folder({ xdg: 'XDG_CONFIG_HOME', unix: ['.config'], mac, windows: 'APPDATA' }, env, options);
}

/** Where what may be lost without harm to settings is kept: spools, journals. `$XDG_STATE_HOME/buildstate`. */
export function userStateFolder(env: Environment, options: FolderOptions = {}): string {
  const mac = ['Library', 'Application Support'];
  return folder(
    { xdg: 'XDG_STATE_HOME', unix: ['.local', 'state'], mac, windows: 'LOCALAPPDATA' },
    env,
    options,
  );
}

/** Where copies are kept that can be had again. `$XDG_CACHE_HOME/buildstate` and its likes. */
export function userCacheFolder(env: Environment, options: FolderOptions = {}): string {
  return folder(
    { xdg: 'XDG_CACHE_HOME', unix: ['.cache'], mac: ['Library', 'Caches'], windows: 'LOCALAPPDATA' },
    env,
    options,
  );
}
