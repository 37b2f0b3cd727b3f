import { type CommandEnd, describeEnd, exitCodeOf, signalExitCode } from '../../step/command/exit-code.ts';
import { type Interrupts, ManualInterrupts } from '../../step/command/interrupts.ts';
import { startCommand } from '../../step/command/run-command.ts';
import { supervise } from '../../step/command/supervise.ts';
import { OutputTail } from '../../step/output/output-tail.ts';
import type { BuildHandle } from '../../step/state/build-handle.ts';
import type { Surroundings } from '../../step/surroundings.ts';
import type { FileCommand } from '../file/build-file.ts';
import { argvOf, commandText } from '../shell.ts';

/** Commands around the states of a run. */
export interface Hooks {
  /** What they are, for people: `before`, `finally`. */
  readonly kind: 'before' | 'finally';
  /** The commands. */
  readonly commands: readonly FileCommand[];
  /** What runs scripts that name no shell. */
  readonly shell: 'bash' | 'sh';
}

/** How hooks ended badly. */
export interface HookFailure {
  /** The command's exit code. */
  readonly exitCode: number;
  /** The signal by which somebody asked to stop, if that is why. */
  readonly signal: NodeJS.Signals | undefined;
}

async function runHook(
  around: Surroundings,
  build: BuildHandle,
  hooks: Hooks,
  command: FileCommand,
): Promise<HookFailure | undefined> {
  const running = await startCommand({
    argv: argvOf(command, hooks.shell),
    folder: around.folder,
    environment: { ...around.environment, BLDST_TRACKER: around.client.uri, BLDST_BUILD_ID: build.id },
    stdout: around.stdout,
    stderr: around.stderr,
    masker: around.masker,
    tail: new OutputTail(),
  });
  const { interrupts, clock } = around;
  const outcome = await supervise(running, { interrupts, clock, lost: build.lease?.signal });
  if (outcome.kind === 'fenced_out') throw build.lease?.signal.reason;
  const end: CommandEnd = outcome.kind === 'interrupted' ? await outcome.ended : outcome.end;
  const exitCode = exitCodeOf(end);
  if (outcome.kind === 'interrupted') {
    return { exitCode: exitCode === 0 ? signalExitCode(outcome.signal) : exitCode, signal: outcome.signal };
  }
  if (exitCode === 0) return undefined;
  around.notes.warn(`${hooks.kind}: "${commandText(command)}" ${describeEnd(end)}.`);
  return { exitCode, signal: undefined };
}

/**
 * Runs the commands before the first state, until one fails.
 * @throws NotFoundError when a program is not there; LeaseLostError
 */
export async function runBefore(
  around: Surroundings,
  build: BuildHandle,
  hooks: Hooks,
): Promise<HookFailure | undefined> {
  for (const command of hooks.commands) {
    const failure = await runHook(around, build, hooks, command);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Stop signals that come from now on: what has been asked to stop already may still clean up. */
function laterInterrupts(interrupts: Interrupts): { readonly later: Interrupts; readonly stop: () => void } {
  const later = new ManualInterrupts();
  const stop = interrupts.listen((signal) => later.interrupt(signal));
  return { later, stop };
}

/**
 * Runs the commands at the end of a run, each of them whatever became of those before it, also after a stop
 * signal; a further one stops the command that runs.
 * @returns the first failure
 */
export async function runFinally(
  around: Surroundings,
  build: BuildHandle,
  hooks: Hooks,
): Promise<HookFailure | undefined> {
  const { later, stop } = laterInterrupts(around.interrupts);
  let first: HookFailure | undefined;
  try {
    for (const command of hooks.commands) {
      // The lease may be lost, which is no reason to leave things standing.
      const free = { ...build, lease: undefined };
      const failure = await runHook({ ...around, interrupts: later }, free, hooks, command);
      first ??= failure;
    }
  } finally {
    stop();
  }
  return first;
}
