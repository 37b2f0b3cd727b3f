import { type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { repositoryRoot } from '../repository.ts';

/** A command of a task ended with something other than 0. Its own output has said why. */
export class CommandFailedError extends Error {
  /** What the task's process should exit with. */
  readonly exitCode: number;

  constructor(command: string, exitCode: number) {
    super(`${command} exited with ${exitCode}`);
    this.name = 'CommandFailedError';
    this.exitCode = exitCode;
  }
}

/** No caches elsewhere and no telemetry: a build touches nothing but this machine. */
const quietEnvironment = { TURBO_TELEMETRY_DISABLED: '1', TURBO_CACHE: 'local:rw', DO_NOT_TRACK: '1' };

/**
 * Runs a command in the repository's root with this process's standard streams.
 *
 * @throws {CommandFailedError} when it exits with a code other than 0 or is killed
 */
export function run(command: string, ...args: string[]): Promise<void> {
  return runWith('inherit', command, args);
}

/**
 * Like {@link run}, with what the command prints on stderr, for the steps before the one that was asked for:
 * stdout belongs to that one.
 *
 * @throws {CommandFailedError} when it exits with a code other than 0 or is killed
 */
export function runAside(command: string, ...args: string[]): Promise<void> {
  return runWith(['ignore', 2, 2], command, args);
}

async function runWith(stdio: StdioOptions, command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, {
    cwd: repositoryRoot,
    stdio,
    env: { ...process.env, ...quietEnvironment },
  });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  process.off('SIGINT', forward).off('SIGTERM', forward);
  if (exitCode !== 0) throw new CommandFailedError(command, exitCode);
}
