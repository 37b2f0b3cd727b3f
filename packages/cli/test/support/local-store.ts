import { join } from 'node:path';
import { cliIn, temporaryFolder } from './cli.ts';
import { succeeded } from './server.ts';

/** Command lines beside a store of their own, without a server. */
export interface LocalStoreCli {
  /** Runs a command line. */
  readonly cli: ReturnType<typeof cliIn>;
  /** The home, and where commands run. */
  readonly home: string;
  /** Address of a store with three builds: one that failed, one in progress, one that was given up. */
  readonly store: string;
}

/** Makes a store in one SQLite file with builds in it. */
export async function withLocalStore(): Promise<LocalStoreCli> {
  const home = temporaryFolder();
  const store = `sqlite://${join(home, 'data', 'builds.db')}`;
  const cli = cliIn(home);
  const run = async (...words: string[]) => succeeded(await cli([...words, '--tracker', store]));
  for (const number of ['1', '2', '3']) {
    await run('build', 'create', '-p', 'linux', '-n', number);
    await run('build', 'add-state', `linux:${number}`, '--state', '10');
    await run('build', 'add-state', `linux:${number}`, '--state', '20', '--status', 'started');
  }
  await run('build', 'fail', 'linux:1', '--state', '20', '--error', 'broken');
  await run('build', 'cancel', 'linux:3');
  const secret = { stdin: 'canary-in-the-coal-mine' };
  succeeded(await cli(['variable', 'set', 'linux:1', 'secret=-', '--sensitive', '--tracker', store], secret));
  return { cli, home, store };
}
