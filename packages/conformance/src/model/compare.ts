import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Door } from '@buildstate/core';
import type { ModelWish } from './arbitrary.ts';
import { newModelBuild } from './build.ts';
import { performCommand } from './perform.ts';
import { modelRules } from './project.ts';
import { step } from './step.ts';

/** The passing of time, for stores whose clock can be set. */
export interface ModelTime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Lets seconds go by. */
  pass(seconds: number): void;
}

/** What a run of commands came to. */
export interface ModelRun {
  /** Commands that changed or read something. */
  readonly done: number;
  /** Commands that were refused, by the model and by the tracker. */
  readonly refused: number;
}

function complaint(trace: readonly unknown[], model: unknown, tracker: unknown): Error {
  const lines = trace.map((line) => `  ${JSON.stringify(line)}`);
  return new Error(
    [
      'The tracker and the model disagree about the last answer.',
      `model:   ${JSON.stringify(model)}`,
      `tracker: ${JSON.stringify(tracker)}`,
      'after:',
      ...lines,
    ].join('\n'),
  );
}

/**
 * Does commands to a new build through a door and to the model, and compares every answer, and the history at the end.
 * @param project name of one that `makeModelProject` made
 * @param time where leases can run out; without, none of the commands may wait
 * @throws Error that tells the first difference and all that led to it
 */
export async function compareWithModel(
  door: Door,
  project: string,
  wishes: readonly ModelWish[],
  time: ModelTime | null,
): Promise<ModelRun> {
  const { body } = await door.call('createBuild', { body: { project } });
  const eventIds = Array.from({ length: 6 }, () => randomUUID());
  const trace: unknown[] = [];
  let build = newModelBuild;
  const run = { done: 0, refused: 0 };
  const history: ModelWish = () => ({ do: 'history' });
  for (const wish of [...wishes, history]) {
    const command = wish(build, eventIds);
    if (command.do === 'wait') {
      time?.pass(command.seconds);
      trace.push(command);
      continue;
    }
    const stepped = step(build, command, modelRules, time?.now());
    const answer = await performCommand(door, body.id, command);
    trace.push({ ...command, answer: stepped.answer });
    if (!isDeepStrictEqual(answer, stepped.answer)) throw complaint(trace, stepped.answer, answer);
    build = stepped.build;
    if ('refused' in answer) run.refused += 1;
    else run.done += 1;
  }
  return run;
}
