import { writeFile } from 'node:fs/promises';
import { errorCode } from '@buildstate/node-runtime';
import { commandEnvironment } from '../command/command-environment.ts';
import { noteRunning } from '../command/left-over.ts';
import { type RunningCommand, startCommand } from '../command/run-command.ts';
import { restoreNeed } from '../needs/restore-needs.ts';
import type { OutputTail } from '../output/output-tail.ts';
import type { Surroundings } from '../surroundings.ts';
import type { AttemptPlan } from './attempt-plan.ts';
import { variableValues } from './variables.ts';

/** What a command is started with, besides the plan. */
export interface Launch {
  /** Number of the attempt; `null` when the tracker could not be asked. */
  readonly attempt: number | null;
  /** Keeps the end of its output. */
  readonly tail: OutputTail;
  /** The file to which it may write variables. */
  readonly outputFile: string;
}

/**
 * Brings what the command needs to its place and starts it.
 * @throws IntegrityError and other errors of a download; NotFoundError when there is no such program
 */
export async function launchCommand(
  plan: AttemptPlan,
  { attempt, tail, outputFile }: Launch,
): Promise<RunningCommand> {
  const { around, build, step, material } = plan;
  const artifacts: Record<string, string> = {};
  for (const need of plan.needs) artifacts[need.name] = await restoreNeed(build.id, need, plan);
  const variables = await variableValues(around, build.id, material.variables);
  await writeFile(outputFile, '', { mode: 0o600 });
  const command = await startCommand({
    argv: step.argv,
    folder: around.folder,
    environment: commandEnvironment(around.environment, {
      buildId: build.id,
      state: step.state,
      attempt,
      variables,
      artifacts,
      outputFile,
      tracker: around.client.uri,
      leaseToken: build.lease?.token,
    }),
    stdout: around.stdout,
    stderr: around.stderr,
    masker: around.masker,
    tail,
  });
  const forget = note(around, build.id, command.pid);
  return { ...command, ended: command.ended.finally(forget) };
}

/** A note that cannot be written costs some safety after a SIGKILL, not the step. */
function note({ notesFolder, notes }: Surroundings, buildId: string, pid: number): () => void {
  try {
    return noteRunning(notesFolder, buildId, pid);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    notes.warn(`It cannot be noted in ${notesFolder} that the command runs: ${(error as Error).message}.`);
    return () => {};
  }
}
