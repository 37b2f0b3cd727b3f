import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { ConfigurationError, NotFoundError } from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';

/** Signals that are handed on to the command, so that it may clean up. */
const handedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How a command is run. */
export interface ChildOptions {
  /** Program and arguments; no shell looks at them. */
  readonly argv: readonly string[];
  /** The folder in which it runs. */
  readonly cwd: string;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the command early, with SIGTERM. */
  readonly signal: AbortSignal;
}

function startError(program: string, cause: unknown): Error {
  const code = errorCode(cause);
  if (code === 'ENOENT') {
    return new NotFoundError(`The command "${program}" was not found in PATH.`, { cause });
  }
  return new ConfigurationError(`The command "${program}" cannot be started: ${code ?? String(cause)}.`, {
    cause,
  });
}

/**
 * Runs a command with this process's streams and waits for it.
 *
 * @returns its exit code as a shell shows it: 128 and the signal's number when a signal ended it
 * @throws NotFoundError when there is no such program; ConfigurationError when it cannot be started
 */
export async function runChild({ argv, cwd, env, signal }: ChildOptions): Promise<number> {
  const [program = '', ...words] = argv;
  const child = spawn(program, words, { cwd, env: { ...env }, stdio: 'inherit' });
  const stop = () => void child.kill('SIGTERM');
  // A terminal sends Ctrl-C to the command as well; this process only has to survive it.
  const listeners = handedOn.map((name) => {
    const listener = () => {
      if (name !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(name);
    };
    process.on(name, listener);
    return () => void process.off(name, listener);
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [code, ended] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return ended === null ? (code ?? 1) : 128 + constants.signals[ended];
  } catch (cause) {
    throw startError(program, cause);
  } finally {
    signal.removeEventListener('abort', stop);
    for (const remove of listeners) remove();
  }
}
