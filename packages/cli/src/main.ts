import { main } from './run/main.ts';
import { processSession } from './session/config-process.ts';

/**
 * Runs the command line of this process. The exit code is only noted, so that the process ends when everything
 * has been written.
 *
 * @param version the version of this package
 */
export async function start(version: string): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), processSession(version));
}
