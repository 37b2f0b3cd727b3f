import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError, NotFoundError } from '@buildstate/core/light';
import { errorCode } from '@buildstate/node-runtime';
import type { OutputTail } from '../output/output-tail.ts';
import type { SecretMasker } from '../output/secret-masker.ts';
import type { CommandEnd } from './exit-code.ts';
import { guardAgainstOrphans } from './orphan-guard.ts';
import { hasProcessGroups, signalGroup } from './process-group.ts';

/** A command and what surrounds it. */
export interface CommandOptions {
  /** Program and arguments; no shell looks at them. */
  readonly argv: readonly string[];
  /** Folder in which it runs. */
  readonly folder: string;
  /** Its whole environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where its standard output goes, secrets masked. */
  readonly stdout: Writable;
  /** Where its standard error goes, secrets masked. */
  readonly stderr: Writable;
  /** Hides secrets in both. */
  readonly masker: SecretMasker;
  /** Keeps the end of both. */
  readonly tail: OutputTail;
}

/** A command that was started. */
export interface RunningCommand {
  /** Process id; also the id of its process group where there are such. */
  readonly pid: number;
  /** Resolves when the command itself has ended, whatever it left running. */
  readonly ended: Promise<CommandEnd>;
  /** Sends a signal to it and all that it started. */
  signal(signal: NodeJS.Signals): void;
}

/** How long output may still come after the command has ended, from processes that it left behind. */
const lingerMilliseconds = 200;

/** Writes to a target until it is gone. */
interface Outlet {
  /** Resolves when the target has room for more. */
  write(bytes: Buffer): Promise<void>;
  /** Stops listening to the target. */
  close(): void;
}

/**
 * A reader that goes away (`bldst step … | head`) does not stop the command: what it would have read is dropped.
 */
function outletOf(target: Writable): Outlet {
  let gone = target.destroyed;
  const leave = () => {
    gone = true;
  };
  target.on('error', leave);
  return {
    write: (bytes) =>
      gone || bytes.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => target.write(bytes, () => resolve())),
    close: () => void target.off('error', leave),
  };
}

/** Copies one stream through the masker, no faster than the target takes it. Ends with the source. */
async function forward(source: Readable, target: Writable, options: CommandOptions): Promise<void> {
  const masked = options.masker.stream();
  const outlet = outletOf(target);
  const write = (bytes: Buffer): Promise<void> => {
    options.tail.push(bytes);
    return outlet.write(bytes);
  };
  try {
    for await (const chunk of source) await write(masked.push(chunk as Buffer));
    await write(masked.end());
  } finally {
    outlet.close();
  }
}

function startError(error: unknown, { argv, folder }: CommandOptions): Error {
  const code = errorCode(error);
  const [program] = argv;
  if (code === 'ENOENT')
    return new NotFoundError(
      `The command "${program}" was not found (looked for in PATH, started in ${folder}).`,
      {
        cause: error,
        context: { command: program },
      },
    );
  return new ConfigurationError(`The command "${program}" cannot be started: ${code ?? String(error)}.`, {
    cause: error,
    context: { command: program },
  });
}

/** The streams of processes that were left behind must not keep this one alive. */
function letGo(child: ChildProcess): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
}

async function finish(child: ChildProcess, forwarding: Promise<unknown>): Promise<CommandEnd> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const timer = new AbortController();
  await Promise.race([forwarding, sleep(lingerMilliseconds, undefined, timer)]);
  timer.abort();
  letGo(child);
  return { code, signal };
}

/**
 * Starts a command in a process group of its own, with standard input handed on and output copied through the
 * masker as it comes. If this process dies, the group is ended.
 *
 * @throws NotFoundError when there is no such program; ConfigurationError when it cannot be started
 */
export async function startCommand(options: CommandOptions): Promise<RunningCommand> {
  const [program = '', ...args] = options.argv;
  const child = spawn(program, args, {
    cwd: options.folder,
    env: { ...options.environment },
    detached: hasProcessGroups,
    stdio: ['inherit', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const { pid } = child;
  if (pid === undefined) {
    const [error] = await once(child, 'error');
    throw startError(error, options);
  }
  const guard = guardAgainstOrphans(pid);
  const forwarding = Promise.all([
    forward(child.stdout, options.stdout, options),
    forward(child.stderr, options.stderr, options),
  ]);
  const ended = finish(child, forwarding).finally(() => guard.stand());
  return { pid, ended, signal: (signal) => void signalGroup(pid, signal) };
}
