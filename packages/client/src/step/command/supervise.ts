import type { Clock } from '@buildstate/core';
import type { CommandEnd } from './exit-code.ts';
import type { Interrupts } from './interrupts.ts';
import type { RunningCommand } from './run-command.ts';

/** How the watch over a command ended. */
export type CommandOutcome =
  /** It ended by itself. */
  | { readonly kind: 'ended'; readonly end: CommandEnd }
  /** It took too long and was ended. */
  | { readonly kind: 'timed_out'; readonly end: CommandEnd }
  /** The build belongs to somebody else now; the command was ended. */
  | { readonly kind: 'fenced_out' }
  /** Somebody asked to stop. The command may still be cleaning up: `ended` tells. */
  | { readonly kind: 'interrupted'; readonly signal: NodeJS.Signals; readonly ended: Promise<CommandEnd> };

/** What is watched besides the command itself. */
export interface Watch {
  /** Stop signals; they are handed on to the command. */
  readonly interrupts: Interrupts;
  /** Aborts when the lease is lost. */
  readonly lost?: AbortSignal | undefined;
  /** Seconds that the command may take. */
  readonly timeoutSeconds?: number | undefined;
  /** Time. */
  readonly clock: Clock;
}

/**
 * After a stop signal the command has so long to end before the interruption is recorded: five seconds are
 * promised, and recording takes some of them.
 */
const graceMilliseconds = 3500;
/** Between asking a command to end and ending it, where nobody waits for us. */
const killMilliseconds = 10_000;

/** Asks the command to end, and ends it when it does not. */
async function endCommand(command: RunningCommand, clock: Clock): Promise<CommandEnd> {
  const done = new AbortController();
  const kill = async () => {
    await clock.sleep(killMilliseconds, done.signal);
    command.signal('SIGKILL');
  };
  command.signal('SIGTERM');
  const killing = kill().catch((reason: unknown) => {
    if (!done.signal.aborted) throw reason;
  });
  const end = await command.ended;
  done.abort();
  await killing;
  return end;
}

/** Resolves when the signal aborts. */
function abortion(signal: AbortSignal, until: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true, signal: until }),
  );
}

/** Watches over a command until it ends, or something else decides how it is to end. */
export async function supervise(command: RunningCommand, watch: Watch): Promise<CommandOutcome> {
  const { interrupts, lost, timeoutSeconds, clock } = watch;
  const over = new AbortController();
  // Listens beyond this function: a second signal must reach a command that is still cleaning up.
  const stopListening = interrupts.listen((signal, count) =>
    command.signal(count === 1 ? signal : 'SIGKILL'),
  );
  const ended = command.ended.finally(stopListening);
  const pause = (milliseconds: number) =>
    clock.sleep(milliseconds, over.signal).catch((reason: unknown) => {
      if (!over.signal.aborted) throw reason;
    });
  try {
    if (interrupts.first !== undefined) command.signal(interrupts.first);
    const first = await Promise.race([
      ended.then((end) => ({ kind: 'ended', end }) as const),
      abortion(interrupts.aborted, over.signal).then(() => ({ kind: 'interrupted' }) as const),
      ...(lost === undefined
        ? []
        : [abortion(lost, over.signal).then(() => ({ kind: 'fenced_out' }) as const)]),
      ...(timeoutSeconds === undefined
        ? []
        : [pause(timeoutSeconds * 1000).then(() => ({ kind: 'timed_out' }) as const)]),
    ]);
    const signal = interrupts.first;
    if (signal !== undefined) {
      await Promise.race([ended, pause(graceMilliseconds)]);
      return { kind: 'interrupted', signal, ended };
    }
    if (first.kind === 'timed_out') return { kind: 'timed_out', end: await endCommand(command, clock) };
    if (first.kind === 'fenced_out') {
      await endCommand(command, clock);
      return { kind: 'fenced_out' };
    }
    return { kind: 'ended', end: await ended };
  } finally {
    over.abort();
  }
}
