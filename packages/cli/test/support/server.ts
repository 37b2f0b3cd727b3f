import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type CliResult, cliIn, temporaryFolder } from './cli.ts';

/** Command lines against the server of all tests, in a project of their own. */
export interface ServerCli {
  /** Runs a command line as an administrator. */
  readonly cli: ReturnType<typeof cliIn>;
  /** A folder of their own: the home, and where commands run. */
  readonly home: string;
  /** Name of a project that no other test uses. */
  readonly project: string;
  /** Makes a build and gives its id. */
  readonly build: (words?: readonly string[]) => Promise<string>;
}

/** Answers a result that must be a success. */
export function succeeded(result: CliResult): CliResult {
  if (result.code !== 0) throw new Error(`exit code ${result.code}: ${result.stderr}`);
  return result;
}

/**
 * Makes command lines against the server of all tests.
 *
 * @param key one of the development keys
 */
export function withServer(key = 'admin-key-99999'): ServerCli {
  const home = temporaryFolder();
  const cli = cliIn(home, { env: { BLDST_TRACKER: inject('tracker'), BLDST_API_KEY: key } });
  const project = `p${randomBytes(6).toString('hex')}`;
  const build = async (words: readonly string[] = []) =>
    succeeded(await cli(['build', 'create', '--project', project, '-o', 'id', ...words])).stdout.trim();
  return { cli, home, project, build };
}
